// What can be done with the selected rows, at the foot of the list. Rows for which it makes no sense are left out, and
// said so beforehand.
import type { ExecutionSummary } from "@auraos/contract";
import { Ban, RotateCcw, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button.tsx";
import { confirm } from "../../ui/confirmations.ts";
import { IconButton } from "../../ui/IconButton.tsx";
import { executionCan } from "../executionCan.ts";
import { BulkResultDialog } from "./BulkResultDialog.tsx";
import { type BulkAction, useBulkControl } from "./useBulkControl.ts";

export function BulkBar({ rows, onClear }: { rows: readonly ExecutionSummary[]; onClear(): void }) {
  const { t } = useTranslation("executions");
  const bulk = useBulkControl();
  const [isShown, setIsShown] = useState(false);
  const able = {
    cancel: rows.filter(executionCan.cancel),
    retry: rows.filter(executionCan.retry),
  };
  const ask = async (action: BulkAction) => {
    const isSure = await confirm({
      title: t(`bulk.${action}.title`, { count: able[action].length }),
      description: t(`bulk.${action}.text`),
      action: t(`bulk.${action}.action`),
      danger: action === "cancel",
    });
    if (!isSure) return;
    setIsShown(true);
    await bulk.run(action, able[action]);
  };
  return (
    <section
      aria-label={t("bulk.label")}
      className="flex flex-wrap items-center gap-2 rounded-lg border border-line-strong bg-panel px-3 py-2 shadow-panel"
    >
      <p role="status" className="me-auto font-medium">
        {t("bulk.selected", { count: rows.length })}
      </p>
      <Button onClick={() => void ask("retry")} disabled={able.retry.length === 0}>
        <RotateCcw aria-hidden className="size-4" />
        {t("bulk.retry.button", { count: able.retry.length })}
      </Button>
      <Button onClick={() => void ask("cancel")} disabled={able.cancel.length === 0}>
        <Ban aria-hidden className="size-4" />
        {t("bulk.cancel.button", { count: able.cancel.length })}
      </Button>
      <IconButton icon={X} label={t("bulk.clear")} onClick={onClear} />
      {isShown && (
        <BulkResultDialog
          state={bulk.state}
          onClose={() => {
            setIsShown(false);
            onClear();
          }}
        />
      )}
    </section>
  );
}
