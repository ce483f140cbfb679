// Before there is any workflow: what this is, and the first thing to do. An example can be imported and run at once.
import { FlaskConical, Footprints, Plus, Upload, Workflow } from "lucide-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { useStartExecution } from "../api/executions.ts";
import { newRequestKey } from "../api/newRequestKey.ts";
import { useCreateWorkflow, useImportWorkflow } from "../api/workflows.ts";
import { paths } from "../paths.ts";
import { Button } from "../ui/Button.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { useTellFailure } from "../ui/useTellFailure.ts";
import { exampleInput, exampleWorkflow } from "./example.ts";

const FirstTemplates = lazy(async () => {
  const { FirstTemplates } = await import("./FirstTemplates.tsx");
  return { default: FirstTemplates };
});

export function FirstRun() {
  return (
    <>
      <Welcome />
      <Suspense>
        <FirstTemplates />
      </Suspense>
    </>
  );
}

function Welcome() {
  const { t } = useTranslation("home");
  return (
    <EmptyState
      icon={Workflow}
      title={t("first.title")}
      actions={
        <>
          <TakeTour />
          <TryExample />
          <Button asChild>
            <Link to={paths.newWorkflow()}>
              <Plus aria-hidden className="size-4" />
              {t("first.create")}
            </Link>
          </Button>
          <Button asChild>
            <Link to={paths.importWorkflow()}>
              <Upload aria-hidden className="size-4" />
              {t("first.import")}
            </Link>
          </Button>
        </>
      }
    >
      <p>{t("first.text")}</p>
      <p className="mt-2">{t("first.example")}</p>
    </EmptyState>
  );
}

/** Makes an empty workflow; the builder then says step by step what to do. */
function TakeTour() {
  const { t } = useTranslation("home");
  const navigate = useNavigate();
  const tellFailure = useTellFailure();
  const create = useCreateWorkflow();
  const begin = async () => {
    try {
      const { id } = await create.mutateAsync(t("first.tourName"));
      navigate(paths.workflow(id, { tour: "1" }));
    } catch (error) {
      tellFailure(error);
    }
  };
  return (
    <Button tone="primary" busy={create.isPending} onClick={() => void begin()}>
      <Footprints aria-hidden className="size-4" />
      {t("first.tour")}
    </Button>
  );
}

function TryExample() {
  const { t } = useTranslation("home");
  const navigate = useNavigate();
  const tellFailure = useTellFailure();
  const importOne = useImportWorkflow();
  const start = useStartExecution();
  const run = async () => {
    try {
      const { id } = await importOne.mutateAsync(JSON.stringify(exampleWorkflow(t)));
      const execution = await start.mutateAsync({
        workflow: id,
        input: exampleInput,
        requestKey: newRequestKey(),
      });
      navigate(paths.execution(execution.id));
    } catch (error) {
      tellFailure(error);
    }
  };
  return (
    <Button busy={importOne.isPending || start.isPending} onClick={() => void run()}>
      <FlaskConical aria-hidden className="size-4" />
      {t("first.try")}
    </Button>
  );
}
