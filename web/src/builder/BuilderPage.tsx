// The room where workflows are built. Loads the draft and the node types, then hands over to the builder itself.

import { useQuery } from "@tanstack/react-query";
import { ReactFlowProvider } from "@xyflow/react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import { nodeTypesQuery } from "../api/platform.ts";
import { workflowQuery } from "../api/workflows.ts";
import { type Words as SettingsWords, settingsInWords } from "../nodeFields/inWords.ts";
import { inWords, type Words } from "../nodeTypes/inWords.ts";
import { paths } from "../paths.ts";
import { Page } from "../shell/Page.tsx";
import { isGone } from "../ui/describeError.ts";
import { ErrorState } from "../ui/ErrorState.tsx";
import { GoneState } from "../ui/GoneState.tsx";
import { Skeleton } from "../ui/Skeleton.tsx";
import { BuilderRoom } from "./BuilderRoom.tsx";
import { startBuilder } from "./state/startBuilder.ts";
import { catalogueOf } from "./types/nodeTypes.ts";

export function BuilderPage() {
  const { id = "" } = useParams();
  return <Loader key={id} id={id} />;
}

function Loader({ id }: { id: string }) {
  const { t, i18n } = useTranslation("builder");
  const navigate = useNavigate();
  const known = useQuery({ ...workflowQuery(id), enabled: false }).data;
  // Read anew at every visit: building on an old draft would end in a conflict.
  const start = useQuery({
    queryKey: ["builder", id],
    queryFn: async ({ client }) => {
      const [types, workflow] = await Promise.all([
        client.ensureQueryData(nodeTypesQuery),
        client.fetchQuery({ ...workflowQuery(id), staleTime: 0 }),
      ]);
      const builder = await startBuilder(workflow, catalogueOf(types.items));
      return { types: types.items, builder, workflow };
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    structuralSharing: false,
  });
  const types = start.data?.types;
  const { language } = i18n;
  const catalogue = useMemo(() => {
    const wordsOf = (type: string): Words | undefined => i18n.getResource(language, "nodeTypes", type);
    const settings = i18n.getResourceBundle(language, "nodeFields") as SettingsWords | undefined;
    return types && catalogueOf(settingsInWords(inWords(types, wordsOf), settings));
  }, [types, i18n, language]);
  if (start.data && catalogue) {
    const { builder, workflow } = start.data;
    return (
      <ReactFlowProvider>
        <BuilderRoom builder={builder} workflow={workflow} catalogue={catalogue} />
      </ReactFlowProvider>
    );
  }
  return (
    <Page
      title={known?.name ?? t("title")}
      crumbs={[{ label: t("workflows"), to: paths.workflows() }]}
      flush={!start.error}
    >
      {isGone(start.error) ? (
        <GoneState name={known?.name} onBack={() => void navigate(paths.workflows())} />
      ) : start.error ? (
        <ErrorState error={start.error} onRetry={() => void start.refetch()} />
      ) : (
        <LoadingCanvas label={t("loading")} />
      )}
    </Page>
  );
}

function LoadingCanvas({ label }: { label: string }) {
  return (
    <div role="status" aria-label={label} className="flex flex-1 items-start gap-16 overflow-hidden p-10">
      <Skeleton className="h-[52px] w-52 rounded-lg" />
      <Skeleton className="mt-2 h-[52px] w-52 rounded-lg" />
      <Skeleton className="mt-12 h-40 w-72 rounded-xl" />
    </div>
  );
}
