// Trying one node out: with everything before it, or alone on the data of the run that is shown.
import { Play, StepForward } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button.tsx";
import { Tooltip } from "../../ui/Tooltip.tsx";
import type { NodeDefinition } from "../graph/graph.ts";
import { useRun } from "../run/useRun.ts";

export function NodeRunBar({ node }: { node: NodeDefinition }) {
  const { t } = useTranslation("builder");
  const run = useRun();
  return (
    <div className="flex gap-2 px-4 pt-2.5">
      <Tooltip text={t("run.toHereHint")} hint="R">
        <Button size="small" disabled={run.isStarting} onClick={() => void run.startTo(node.id)}>
          <Play aria-hidden className="size-3.5" />
          {t("run.toHere")}
        </Button>
      </Tooltip>
      {run.execution && (
        <Tooltip text={t("run.aloneHint")} hint="Shift+R">
          <Button size="small" disabled={run.isStarting} onClick={() => void run.startAt(node.id, "alone")}>
            <StepForward aria-hidden className="size-3.5 rtl:-scale-x-100" />
            {t("run.alone")}
          </Button>
        </Tooltip>
      )}
    </div>
  );
}
