// Invites somebody. Where the server cannot send mail it gives the address to hand over, shown this once.
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { usePeopleAction } from "../api/account.ts";
import { request } from "../api/request.ts";
import { Button } from "../ui/Button.tsx";
import { CodeBlock } from "../ui/CodeBlock.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Field } from "../ui/Field.tsx";
import { Input } from "../ui/Input.tsx";
import { Select } from "../ui/Select.tsx";
import { toast } from "../ui/toasts.ts";
import { useTellFailure } from "../ui/useTellFailure.ts";
import { useRoleOptions } from "./useRoleOptions.ts";

export function InviteDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation("people");
  const tellFailure = useTellFailure();
  const roles = useRoleOptions();
  const [email, setEmail] = useState("");
  const [role, setRole] = useState("editor");
  const [link, setLink] = useState<string | null>(null);
  const invite = usePeopleAction(
    () => request("post /api/v1/invitations", { body: { email: email.trim(), role } }),
    ["invitations"],
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!event.currentTarget.reportValidity()) return;
    invite.mutate(undefined, {
      onSuccess: (made) => {
        if (made.link !== undefined) return setLink(made.link);
        toast.success(t("invite.sent", { email: made.email }));
        onClose();
      },
      onError: tellFailure,
    });
  };
  if (link !== null)
    return (
      <Dialog
        open
        onOpenChange={onClose}
        title={t("invite.linkTitle")}
        description={t("invite.linkText", { email })}
        actions={
          <Button tone="primary" onClick={onClose}>
            {t("invite.linkDone")}
          </Button>
        }
      >
        <CodeBlock text={link} label={t("invite.linkTitle")} />
      </Dialog>
    );
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("invite.title")}
      description={t("invite.text")}
      actions={
        <>
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <Button tone="primary" type="submit" form="invite" busy={invite.isPending}>
            {t("invite.action")}
          </Button>
        </>
      }
    >
      <form id="invite" onSubmit={submit} className="grid gap-4">
        <Field label={t("invite.email")}>
          {(ids) => (
            <Input
              {...ids}
              type="email"
              required
              autoFocus
              dir="ltr"
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          )}
        </Field>
        <Field label={t("invite.role")} help={t(`roleHelp.${role}`, { defaultValue: "" })}>
          {(ids) => <Select {...ids} options={roles} value={role} onChange={setRole} />}
        </Field>
      </form>
    </Dialog>
  );
}
