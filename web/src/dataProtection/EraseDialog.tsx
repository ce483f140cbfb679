// Asks how far an erasure goes, and begins it. It cannot be taken back, so the word is typed.
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { erasePerson, type Identifier, useProtectionAct } from "../api/dataProtection.ts";
import { useProof } from "../security/useProof.tsx";
import { Button } from "../ui/Button.tsx";
import { Checkbox } from "../ui/Checkbox.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Field } from "../ui/Field.tsx";
import { Input } from "../ui/Input.tsx";
import { toast } from "../ui/toasts.ts";

type EraseDialogProps = { identifiers: Identifier[]; onClose(isDone: boolean): void };

export function EraseDialog({ identifiers, onClose }: EraseDialogProps) {
  const { t } = useTranslation("dataProtection");
  const formId = useId();
  const [isWhole, setIsWhole] = useState(true);
  const [isOpaque, setIsOpaque] = useState(false);
  const [reason, setReason] = useState("");
  const [word, setWord] = useState("");
  const erase = useProtectionAct(erasePerson);
  const [prove, proof] = useProof();
  const expected = t("erase.word");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void prove(async () => {
      await erase.mutateAsync({
        identifiers,
        scope: isWhole ? "records" : "values",
        opaqueFiles: isOpaque ? "remove" : "keep",
        ...(reason.trim() === "" ? {} : { reason: reason.trim() }),
      });
      toast.success(t("erase.begun"));
      onClose(true);
    });
  };
  return (
    <>
      <Dialog
        open
        onOpenChange={(isOpen) => !isOpen && onClose(false)}
        title={t("erase.title")}
        description={t("erase.text")}
        actions={
          <>
            <Button onClick={() => onClose(false)}>{t("ui:cancel")}</Button>
            <Button
              type="submit"
              form={formId}
              tone="danger"
              busy={erase.isPending}
              disabled={word.trim().toLowerCase() !== expected.toLowerCase()}
            >
              {t("erase.action")}
            </Button>
          </>
        }
      >
        <form id={formId} onSubmit={submit} className="grid gap-4">
          <ul className="grid gap-1 rounded-md bg-sunken p-3 text-sm">
            {identifiers.map(({ kind, value }) => (
              <li key={`${kind} ${value}`} className="flex gap-2">
                <span className="w-24 shrink-0 text-muted">{t(`people.kinds.${kind}`)}</span>
                <bdi className="min-w-0 break-all font-medium">{value}</bdi>
              </li>
            ))}
          </ul>
          <Checkbox
            label={t("erase.records")}
            help={t("erase.recordsHelp")}
            checked={isWhole}
            onChange={setIsWhole}
          />
          <Checkbox
            label={t("erase.opaque")}
            help={t("erase.opaqueHelp")}
            checked={isOpaque}
            onChange={setIsOpaque}
          />
          <Field label={t("erase.reason")} aside={t("optional")}>
            {(ids) => (
              <Input
                {...ids}
                dir="auto"
                maxLength={500}
                value={reason}
                onChange={(event) => setReason(event.target.value)}
              />
            )}
          </Field>
          <Field label={t("erase.type", { word: expected })}>
            {(ids) => (
              <Input
                {...ids}
                required
                dir="auto"
                autoComplete="off"
                value={word}
                onChange={(event) => setWord(event.target.value)}
              />
            )}
          </Field>
        </form>
      </Dialog>
      {proof}
    </>
  );
}
