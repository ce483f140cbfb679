// A card beside the canvas that says what to do next, and notices when it is done. Nothing is dimmed or locked: who
// knows better goes on alone.
import { Check, PartyPopper, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { useWorkflow } from "../../api/workflows.ts";
import { paths } from "../../paths.ts";
import { Button } from "../../ui/Button.tsx";
import { classes } from "../../ui/classes.ts";
import { IconButton } from "../../ui/IconButton.tsx";
import { useRun } from "../run/useRun.ts";
import { useCatalogue, useGraph } from "../state/BuilderContext.tsx";
import type { Workflow } from "../state/startBuilder.ts";
import { tourStep, tourSteps } from "./tourSteps.ts";

export function Tour({ workflow }: { workflow: Workflow }) {
  const [search] = useSearchParams();
  return search.get("tour") === "1" ? <Card workflow={workflow} /> : null;
}

function Card({ workflow }: { workflow: Workflow }) {
  const { t } = useTranslation("builder");
  const [, setSearch] = useSearchParams();
  const graph = useGraph();
  const catalogue = useCatalogue();
  const { execution } = useRun();
  const now = useWorkflow(workflow.id).data ?? workflow;
  const step = tourStep({ graph, catalogue, execution, isPublished: now.version !== null });
  const place = step === undefined ? tourSteps.length : tourSteps.indexOf(step);
  const leave = () => {
    const next = new URLSearchParams(window.location.search);
    next.delete("tour");
    setSearch(next, { replace: true });
  };
  return (
    <section
      aria-label={t("tour.label")}
      className="absolute inset-x-2 top-8 z-20 grid gap-2 rounded-xl border border-accent/50 bg-panel p-3.5 shadow-over sm:inset-x-auto sm:end-3 sm:top-9 sm:w-72"
    >
      <div className="flex items-center justify-between gap-2">
        <ol aria-hidden className="flex gap-1.5">
          {tourSteps.map((one, index) => (
            <li
              key={one}
              className={classes("h-1.5 w-6 rounded-full", index < place ? "bg-accent" : "bg-sunken")}
            />
          ))}
        </ol>
        <IconButton icon={X} size="small" label={t("tour.leave")} onClick={leave} />
      </div>
      <div role="status" className="grid gap-1">
        <h2 className="flex items-center gap-2 font-semibold text-sm">
          {step === undefined && <PartyPopper aria-hidden className="size-4 text-accent-text" />}
          {step === undefined ? t("tour.done.title") : t(`tour.${step}.title`)}
        </h2>
        <p className="text-muted text-sm">
          {step === undefined ? t("tour.done.text") : t(`tour.${step}.text`)}
        </p>
        {step === "field" && (
          <p className="text-sm">
            <code dir="ltr" className="block rounded-sm bg-sunken px-2 py-1 font-mono text-xs">
              {FIELD}
            </code>
          </p>
        )}
      </div>
      {step === undefined ? (
        <div className="flex flex-wrap gap-2">
          {execution && (
            <Button asChild size="small" tone="primary">
              <Link to={paths.execution(execution.id)}>{t("tour.done.execution")}</Link>
            </Button>
          )}
          <Button size="small" onClick={leave}>
            <Check aria-hidden className="size-3.5" />
            {t("tour.done.action")}
          </Button>
        </div>
      ) : (
        <p className="text-faint text-xs">{t("tour.place", { step: place + 1, count: tourSteps.length })}</p>
      )}
    </section>
  );
}

/** Code, not words: the same in every language. */
const FIELD = 'greeting = Hello {{ $json.name ?? "world" }}';
