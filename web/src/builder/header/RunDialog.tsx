// Runs the draft with an input of one's own.
import type { Json } from "@auraos/kernel";
import { Play } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { Field } from "../../ui/Field.tsx";
import { Select } from "../../ui/Select.tsx";
import { JsonEditor } from "../code/JsonEditor.tsx";
import { nameOf } from "../graph/graph.ts";
import { exampleInput, recallInput, triggersOf } from "../run/runInput.ts";
import { useRun } from "../run/useRun.ts";
import { useBuilderState, useCatalogue, useGraph } from "../state/BuilderContext.tsx";

export function RunDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation("builder");
  const graph = useGraph();
  const triggers = triggersOf(graph, useCatalogue());
  const workflowId = useBuilderState((state) => state.workflowId);
  const run = useRun();
  const [trigger, setTrigger] = useState(triggers[0]?.id);
  const [input, setInput] = useState<Json | undefined>(
    () => recallInput(workflowId) ?? exampleInput(graph, trigger) ?? {},
  );
  const [isValid, setIsValid] = useState(true);
  const start = async () => {
    onClose();
    await run.start({ value: input, ...(trigger === undefined ? {} : { trigger }) });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("run.withInput")}
      description={t("run.inputHelp")}
      width="normal"
      actions={
        <Button tone="primary" disabled={!isValid} onClick={() => void start()}>
          <Play aria-hidden className="size-4" />
          {t("run.run")}
        </Button>
      }
    >
      <div className="grid gap-4">
        {triggers.length > 1 && (
          <Field label={t("run.trigger")}>
            {(ids) => (
              <Select
                {...ids}
                value={trigger ?? ""}
                onChange={setTrigger}
                options={triggers.map((node) => ({ value: node.id, label: nameOf(node) }))}
              />
            )}
          </Field>
        )}
        <div className="grid gap-1">
          <span className="font-medium text-xs">{t("run.input")}</span>
          <JsonEditor
            label={t("run.input")}
            value={input}
            onChange={setInput}
            onValidity={setIsValid}
            minLines={8}
          />
        </div>
      </div>
    </Dialog>
  );
}
