// Workflows to start from.
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Dialog } from "../../ui/Dialog.tsx";
import { ErrorState } from "../../ui/ErrorState.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { useCatalogue } from "../state/BuilderContext.tsx";
import { iconOf } from "../types/nodeIcons.ts";
import { listTemplates, type Template } from "./templates.ts";
import { useReplaceGraph } from "./useReplaceGraph.ts";

export function TemplatesDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation("builder");
  const replace = useReplaceGraph();
  const templates = useQuery({
    queryKey: ["templates"],
    queryFn: listTemplates,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("templates.title")}
      description={t("templates.help")}
      width="wide"
    >
      {templates.error && <ErrorState error={templates.error} />}
      <ul className="grid gap-2 sm:grid-cols-2">
        {!templates.data &&
          !templates.error &&
          [1, 2, 3, 4].map((one) => <Skeleton key={one} className="h-24 rounded-lg" />)}
        {templates.data?.map((template) => (
          <li key={template.id} className="flex">
            <TemplateCard
              template={template}
              onChoose={() => {
                void replace(template.graph, "template");
                onClose();
              }}
            />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function TemplateCard({ template, onChoose }: { template: Template; onChoose(): void }) {
  const { t } = useTranslation("builder");
  const catalogue = useCatalogue();
  const { graph } = template;
  const types = [...new Set(graph.nodes.map((node) => node.type))].slice(0, 7);
  return (
    <button
      type="button"
      onClick={onChoose}
      className="flex w-full flex-col gap-1.5 rounded-lg border border-line-strong p-3 text-start hover:border-accent hover:bg-accent-soft"
    >
      <span className="font-medium">{graph.name}</span>
      <span className="flex-1 text-muted text-xs">{graph.description}</span>
      <span className="flex items-center gap-2 text-faint">
        {types.map((type) => {
          const Icon = iconOf(catalogue.find(type));
          return <Icon key={type} aria-hidden className="size-3.5" />;
        })}
        <span className="ms-auto text-muted text-2xs">
          {t("templates.nodes", { count: graph.nodes.length })}
        </span>
      </span>
    </button>
  );
}
