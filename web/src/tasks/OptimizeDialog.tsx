// A better order for what waits: what it would be worth, and each move with its reason, before anybody says yes.
import { useTranslation } from "react-i18next";
import { useOptimize } from "../api/tasks.ts";
import { useFormat } from "../i18n/useFormat.ts";
import { Said } from "../said/Said.tsx";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { toast } from "../ui/toasts.ts";
import { useTellFailure } from "../ui/useTellFailure.ts";

type Result = NonNullable<ReturnType<typeof useOptimize>["data"]>;
const measures = ["late", "tardinessMs", "weightedWaitMs", "makespanMs"] as const;

export function OptimizeDialog({ result, onClose }: { result: Result; onClose(): void }) {
  const { t } = useTranslation("tasks");
  const format = useFormat();
  const apply = useOptimize();
  const tellFailure = useTellFailure();
  const { before, after, order } = result;
  const isBetter = measures.some((name) => before[name] !== after[name]);
  const show = (name: (typeof measures)[number], value: number) =>
    name === "late" || value === 0 ? format.number(value) : format.duration(value);
  const moves = order.filter(({ from, to }) => from !== to);
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={t("optimize.title")}
      description={isBetter ? t("optimize.text") : t("optimize.best")}
      width="normal"
      actions={
        <>
          <Button onClick={onClose}>{t("ui:close")}</Button>
          {isBetter && (
            <Button
              tone="primary"
              busy={apply.isPending}
              onClick={() =>
                apply.mutate(true, {
                  onSuccess: () => {
                    toast.success(t("optimize.applied"));
                    onClose();
                  },
                  onError: tellFailure,
                })
              }
            >
              {t("optimize.apply")}
            </Button>
          )}
        </>
      }
    >
      <table className="mb-4 w-full text-sm">
        <thead>
          <tr className="text-start text-muted text-xs">
            <th className="text-start font-medium">{t("optimize.measure")}</th>
            <th className="text-start font-medium">{t("optimize.before")}</th>
            <th className="text-start font-medium">{t("optimize.after")}</th>
          </tr>
        </thead>
        <tbody>
          {measures.map((name) => (
            <tr key={name} className="border-line border-t">
              <td className="py-1">{t(`optimize.${name}`)}</td>
              <td>{show(name, before[name])}</td>
              <td className={after[name] < before[name] ? "font-medium text-ok" : ""}>
                {show(name, after[name])}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <ol className="grid gap-1 text-xs">
        {moves.slice(0, 50).map((one) => (
          <li key={one.runId} className="flex flex-wrap justify-between gap-x-3">
            <span dir="auto" className="font-medium">
              {one.task}
            </span>
            <span className="text-muted">{t("optimize.move", { from: one.from + 1, to: one.to + 1 })}</span>
            <span dir="auto" className="w-full text-muted">
              <Said text={one.reason} parts={one.reasonParts} />
            </span>
          </li>
        ))}
      </ol>
    </Dialog>
  );
}
