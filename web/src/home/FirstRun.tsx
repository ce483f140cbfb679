// Before there is any workflow: what this is, and the first thing to do. An example can be imported and run at once.
import { FlaskConical, Footprints, Plus, Upload } from "lucide-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { useStartExecution } from "../api/executions.ts";
import { newRequestKey } from "../api/newRequestKey.ts";
import { useCreateWorkflow, useImportWorkflow } from "../api/workflows.ts";
import { paths } from "../paths.ts";
import { Button } from "../ui/Button.tsx";
import { useTellFailure } from "../ui/useTellFailure.ts";
import { exampleInput, exampleWorkflow } from "./example.ts";
import { FirstPicture } from "./FirstPicture.tsx";

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
    <section
      aria-labelledby="welcome"
      className="flex items-center gap-8 overflow-hidden rounded-xl border border-line bg-panel p-5 shadow-panel sm:p-8"
    >
      <div className="min-w-0 max-w-xl flex-1">
        <h2 id="welcome" className="font-semibold text-2xl tracking-tight">
          {t("first.title")}
        </h2>
        <p className="mt-2 text-base text-muted">{t("first.text")}</p>
        <div className="mt-5 flex flex-wrap gap-2">
          <TakeTour />
          <TryExample />
        </div>
        <p className="mt-2 text-muted text-xs">{t("first.example")}</p>
        <div className="mt-5 flex flex-wrap gap-2 border-line border-t pt-4">
          <Button asChild tone="quiet" className="-ms-3">
            <Link to={paths.newWorkflow()}>
              <Plus aria-hidden className="size-4" />
              {t("first.create")}
            </Link>
          </Button>
          <Button asChild tone="quiet">
            <Link to={paths.importWorkflow()}>
              <Upload aria-hidden className="size-4" />
              {t("first.import")}
            </Link>
          </Button>
        </div>
      </div>
      <div className="hidden flex-1 lg:block">
        <FirstPicture />
      </div>
    </section>
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
