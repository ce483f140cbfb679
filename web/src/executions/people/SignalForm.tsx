// Sends the signal by hand that a wait is waiting for, with a payload if one is needed.
import { Send } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button.tsx";
import { Field } from "../../ui/Field.tsx";
import { Textarea } from "../../ui/Textarea.tsx";
import { toast } from "../../ui/toasts.ts";
import { useTellFailure } from "../../ui/useTellFailure.ts";
import { parseJson } from "../json.ts";
import { useSendSignal } from "../queries.ts";

export function SignalForm({ id, name }: { id: string; name: string }) {
  const { t } = useTranslation("executions");
  const [isOpen, setIsOpen] = useState(false);
  const [text, setText] = useState("{}");
  const [problem, setProblem] = useState("");
  const signal = useSendSignal();
  const tellFailure = useTellFailure();
  const send = () => {
    const payload = parseJson(text);
    if (!payload.ok) return setProblem(t("rerun.notJson", { reason: payload.reason }));
    signal.mutate(
      { id, name, payload: payload.value },
      { onSuccess: () => toast.success(t("people.signalSent", { name })), onError: tellFailure },
    );
  };
  if (!isOpen) {
    return (
      <Button className="w-fit" onClick={() => setIsOpen(true)}>
        <Send aria-hidden className="size-4 rtl:-scale-x-100" />
        {t("people.sendSignal")}
      </Button>
    );
  }
  return (
    <div className="grid gap-2">
      <Field label={t("people.payload")} error={problem || undefined}>
        {(ids) => (
          <Textarea
            {...ids}
            mono
            rows={3}
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              setProblem("");
            }}
          />
        )}
      </Field>
      <Button tone="primary" className="w-fit" busy={signal.isPending} onClick={send}>
        {t("people.sendSignal")}
      </Button>
    </div>
  );
}
