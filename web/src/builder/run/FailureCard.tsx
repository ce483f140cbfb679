// Why something failed: what happened, what to do, and the way to the field.
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button.tsx";
import { useBuilder } from "../state/BuilderContext.tsx";
import type { NodeRun } from "./nodeStates.ts";

type FailureCardProps = { failure: NodeRun["failure"]; node: string; actions?: ReactNode };

export function FailureCard({ failure, node, actions }: FailureCardProps) {
  const { t } = useTranslation("builder");
  const builder = useBuilder();
  if (!failure) return null;
  const { code, message, remedy, field, position } = failure;
  return (
    <div className="grid gap-1.5 rounded-md border border-fail-fill/40 bg-fail-soft p-3">
      <p className="font-medium text-fail text-sm">{message}</p>
      {remedy && <p className="text-sm text-text">{remedy}</p>}
      <div className="flex flex-wrap items-center gap-2">
        <code className="me-auto font-mono text-2xs text-muted">{code}</code>
        {actions}
        {field !== undefined && (
          <Button
            size="small"
            onClick={() => {
              builder.open(node, "settings");
              builder.set({ focus: { node, field, ...(position === undefined ? {} : { position }) } });
            }}
          >
            {t("lastRun.toField")}
          </Button>
        )}
      </div>
    </div>
  );
}
