// The output that a parked step gives instead of running.
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { Field } from "../../ui/Field.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { parseJson } from "../json.ts";

const JsonEditor = lazy(() => import("../rerun/JsonEditor.tsx"));

type OutputDialogProps = { name: string; onClose(): void; onGive(output: unknown): void };

export function OutputDialog({ name, onClose, onGive }: OutputDialogProps) {
  const { t } = useTranslation("executions");
  const [text, setText] = useState("{}");
  const [problem, setProblem] = useState("");
  const give = () => {
    const output = parseJson(text);
    if (output.ok) onGive(output.value);
    else setProblem(t("rerun.notJson", { reason: output.reason }));
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("parked.outputTitle", { name })}
      description={t("parked.outputText")}
      width="normal"
      actions={
        <>
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <Button tone="primary" onClick={give}>
            {t("parked.give")}
          </Button>
        </>
      }
    >
      <Field label={t("parked.outputLabel")} error={problem || undefined}>
        {(ids) => (
          <Suspense fallback={<Skeleton className="h-40 w-full" />}>
            <JsonEditor
              id={ids.id}
              label={t("parked.outputLabel")}
              text="{}"
              onChange={(next) => {
                setText(next);
                setProblem("");
              }}
            />
          </Suspense>
        )}
      </Field>
    </Dialog>
  );
}
