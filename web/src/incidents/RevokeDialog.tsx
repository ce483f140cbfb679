// Whose keys and sessions end.
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Revoking } from "../api/incidents.ts";
import { Button } from "../ui/Button.tsx";
import { Checkbox } from "../ui/Checkbox.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Field } from "../ui/Field.tsx";
import { Input } from "../ui/Input.tsx";

type RevokeDialogProps = { busy: boolean; onClose(): void; onRevoke(revoking: Revoking): void };

export function RevokeDialog({ busy, onClose, onRevoke }: RevokeDialogProps) {
  const { t } = useTranslation("incidents");
  const formId = useId();
  const [person, setPerson] = useState("");
  const [keys, setKeys] = useState(false);
  const [sessions, setSessions] = useState(false);
  const isNothing = person.trim() === "" && !keys && !sessions;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onRevoke({
      ...(person.trim() === "" ? {} : { person: person.trim() }),
      ...(keys ? { keys: "all" } : {}),
      ...(sessions ? { sessions: "all" } : {}),
    });
  };
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={t("acts.revoke")}
      description={t("revoke.text")}
      actions={
        <>
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <Button type="submit" form={formId} tone="danger" busy={busy} disabled={isNothing}>
            {t("revoke.action")}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="grid gap-4">
        <Field label={t("revoke.person")} aside={t("form.optional")} help={t("revoke.personHelp")}>
          {(ids) => (
            <Input {...ids} dir="ltr" value={person} onChange={(event) => setPerson(event.target.value)} />
          )}
        </Field>
        <Checkbox label={t("revoke.keys")} help={t("revoke.keysHelp")} checked={keys} onChange={setKeys} />
        <Checkbox
          label={t("revoke.sessions")}
          help={t("revoke.sessionsHelp")}
          checked={sessions}
          onChange={setSessions}
        />
      </form>
    </Dialog>
  );
}
