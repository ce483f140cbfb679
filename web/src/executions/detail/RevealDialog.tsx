// Looks behind the rules that hide fields of this execution: a reason first, which is kept with the name, then the data.
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { type ReplyOf, request } from "../../api/request.ts";
import { useProof } from "../../security/useProof.tsx";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { Field } from "../../ui/Field.tsx";
import { Input } from "../../ui/Input.tsx";
import { JsonTree } from "../../ui/JsonTree.tsx";

type Revealed = ReplyOf<"post /api/v1/executions/:id/reveal">;

export function RevealDialog({ id, onClose }: { id: string; onClose(): void }) {
  const { t } = useTranslation("executions");
  const formId = useId();
  const [reason, setReason] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const [revealed, setRevealed] = useState<Revealed | null>(null);
  const [prove, proof] = useProof();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setIsBusy(true);
    await prove(async () =>
      setRevealed(await request("post /api/v1/executions/:id/reveal", { params: { id }, body: { reason } })),
    );
    setIsBusy(false);
  };
  return (
    <>
      <Dialog
        open
        width="normal"
        onOpenChange={(isOpen) => !isOpen && onClose()}
        title={t("reveal.title")}
        description={t("reveal.text")}
        actions={
          revealed ? (
            <Button tone="primary" onClick={onClose}>
              {t("reveal.close")}
            </Button>
          ) : (
            <>
              <Button onClick={onClose}>{t("ui:cancel")}</Button>
              <Button type="submit" form={formId} tone="primary" busy={isBusy}>
                {t("reveal.action")}
              </Button>
            </>
          )
        }
      >
        {revealed ? (
          <div className="grid gap-4">
            {(["input", "output"] as const).map((side) => (
              <section key={side} aria-label={t(`reveal.${side}`)} className="grid gap-1">
                <h3 className="font-medium text-xs">{t(`reveal.${side}`)}</h3>
                <div className="max-h-64 overflow-auto rounded-md bg-sunken p-3">
                  <JsonTree value={revealed[side]} openDepth={4} />
                </div>
              </section>
            ))}
          </div>
        ) : (
          <form id={formId} onSubmit={(event) => void submit(event)}>
            <Field label={t("reveal.reason")}>
              {(ids) => (
                <Input
                  {...ids}
                  autoFocus
                  required
                  minLength={3}
                  maxLength={500}
                  dir="auto"
                  value={reason}
                  onChange={(event) => setReason(event.target.value)}
                />
              )}
            </Field>
          </form>
        )}
      </Dialog>
      {proof}
    </>
  );
}
