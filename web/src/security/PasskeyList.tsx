// Passkeys: sign-in by finger, face or PIN of a device.
import { Fingerprint, Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { usePasskeys, usePeopleAction } from "../api/account.ts";
import { request } from "../api/request.ts";
import { addPasskey, canUsePasskeys, hasPasskeyName } from "../passkeys.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Field } from "../ui/Field.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { Input } from "../ui/Input.tsx";
import { Name } from "../ui/Name.tsx";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import { toast } from "../ui/toasts.ts";
import { Row, Section } from "./Section.tsx";
import { useProof } from "./useProof.tsx";

export function PasskeyList() {
  const { t } = useTranslation("security");
  const { data: passkeys = [] } = usePasskeys();
  const [run, proof] = useProof();
  const [isNaming, setIsNaming] = useState(false);
  const add = usePeopleAction((name: string) => addPasskey(name), ["me", "passkeys", "members"]);
  const remove = usePeopleAction(
    (id: string) => request("delete /api/v1/auth/passkeys/:id", { params: { id } }),
    ["me", "passkeys", "members"],
  );
  const canAdd = canUsePasskeys() && hasPasskeyName();
  return (
    <Section
      title={t("passkeys.title")}
      text={t("passkeys.text")}
      action={
        canAdd && (
          <Button onClick={() => setIsNaming(true)}>
            <Fingerprint aria-hidden className="size-4" />
            {t("passkeys.add")}
          </Button>
        )
      }
    >
      {passkeys.length === 0 && (
        <p className="px-4 py-4 text-muted">
          {t(canAdd ? "passkeys.none" : hasPasskeyName() ? "passkeys.unable" : "passkeys.needName")}
        </p>
      )}
      {passkeys.map(({ id, name, createdAt }) => (
        <Row
          key={id}
          title={<Name of={name || t("passkeys.unnamed")} />}
          {...(createdAt === undefined ? {} : { text: <RelativeTime at={createdAt} /> })}
        >
          <IconButton
            icon={Trash2}
            label={t("passkeys.remove", { name: name || t("passkeys.unnamed") })}
            onClick={() => void run(() => remove.mutateAsync(id))}
          />
        </Row>
      ))}
      {isNaming && (
        <NameDialog
          onClose={() => setIsNaming(false)}
          onName={(name) => {
            setIsNaming(false);
            void run(async () => {
              if (await add.mutateAsync(name)) toast.success(t("passkeys.added"));
            });
          }}
        />
      )}
      {proof}
    </Section>
  );
}

function NameDialog({ onClose, onName }: { onClose(): void; onName(name: string): void }) {
  const { t } = useTranslation("security");
  const [name, setName] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onName(name.trim());
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("passkeys.add")}
      actions={
        <>
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <Button tone="primary" type="submit" form="passkey">
            {t("continue")}
          </Button>
        </>
      }
    >
      <form id="passkey" onSubmit={submit}>
        <Field label={t("passkeys.name")} help={t("passkeys.nameHelp")}>
          {(ids) => (
            <Input
              {...ids}
              autoFocus
              dir="auto"
              maxLength={60}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
