// What came of each row, the refused ones first: why, and where to go on.
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { paths } from "../../paths.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { describeError } from "../../ui/describeError.ts";
import { StatusIcon } from "../../ui/Status.tsx";
import type { BulkResult, BulkState } from "./useBulkControl.ts";

export function BulkResultDialog({ state, onClose }: { state: BulkState; onClose(): void }) {
  const { t } = useTranslation("executions");
  const { action, total, results } = state;
  const isDone = results.length === total;
  const refused = results.filter(({ error }) => error !== undefined);
  const sorted = [...refused, ...results.filter(({ error }) => error === undefined)];
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && isDone && onClose()}
      title={t(isDone ? `bulk.${action}.done` : `bulk.${action}.doing`)}
      width="normal"
      actions={
        <Button tone="primary" onClick={onClose} busy={!isDone}>
          {t("ui:close")}
        </Button>
      }
    >
      <p role="status" className="text-muted">
        {t("bulk.progress", { done: results.length - refused.length, total, refused: refused.length })}
      </p>
      <progress
        aria-label={t("bulk.label")}
        value={results.length}
        max={Math.max(1, total)}
        className="my-3 h-1.5 w-full accent-accent"
      />
      <ul className="grid">
        {sorted.map((result) => (
          <Row key={result.row.id} result={result} />
        ))}
      </ul>
    </Dialog>
  );
}

function Row({ result: { row, startedId, error } }: { result: BulkResult }) {
  const { t } = useTranslation("executions");
  const described = error === undefined ? undefined : describeError(error, t);
  return (
    <li className="flex items-start gap-2 border-line border-t py-2 first:border-t-0">
      <StatusIcon status={described ? "failed" : "succeeded"} />
      <div className="min-w-0 flex-1">
        <Link to={paths.execution(row.id)} className="font-medium hover:underline">
          {row.workflowName ?? t("deletedWorkflow")}
        </Link>
        {described && <p className="text-muted text-xs">{`${described.title} ${described.remedy}`}</p>}
      </div>
      {startedId !== undefined && startedId !== row.id && (
        <Link to={paths.execution(startedId)} className="shrink-0 text-accent-text text-xs hover:underline">
          {t("bulk.open")}
        </Link>
      )}
    </li>
  );
}
