// Makes an API key and shows it, once.
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe, usePeopleAction, usePermissions } from "../api/account.ts";
import { request } from "../api/request.ts";
import { Button } from "../ui/Button.tsx";
import { CodeBlock } from "../ui/CodeBlock.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Field } from "../ui/Field.tsx";
import { Input } from "../ui/Input.tsx";
import { Select } from "../ui/Select.tsx";
import { useTellFailure } from "../ui/useTellFailure.ts";

const days = ["30", "90", "365", "never"] as const;

export function ApiKeyDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation("security");
  const tellFailure = useTellFailure();
  const { data: me } = useMe();
  const { data: table } = usePermissions();
  const [name, setName] = useState("");
  const [role, setRole] = useState("operator");
  const [expires, setExpires] = useState<string>("90");
  const [made, setMade] = useState<string | null>(null);
  const mine = new Set(me?.actions);
  const make = usePeopleAction(
    () =>
      request("post /api/v1/api-keys", {
        body: { name: name.trim(), role, ...(expires === "never" ? {} : { expiresInDays: Number(expires) }) },
      }),
    ["apiKeys"],
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!event.currentTarget.reportValidity()) return;
    make.mutate(undefined, { onSuccess: ({ key }) => setMade(key), onError: tellFailure });
  };
  if (made !== null)
    return (
      <Dialog
        open
        onOpenChange={onClose}
        title={t("keys.madeTitle")}
        description={t("keys.madeText")}
        actions={
          <Button tone="primary" onClick={onClose}>
            {t("codes.kept")}
          </Button>
        }
      >
        <CodeBlock text={made} label={t("keys.madeTitle")} />
      </Dialog>
    );
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("keys.make")}
      actions={
        <>
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <Button tone="primary" type="submit" form="api-key" busy={make.isPending}>
            {t("keys.make")}
          </Button>
        </>
      }
    >
      <form id="api-key" onSubmit={submit} className="grid gap-4">
        <Field label={t("keys.name")} help={t("keys.nameHelp")}>
          {(ids) => (
            <Input
              {...ids}
              required
              autoFocus
              dir="auto"
              maxLength={100}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Field label={t("keys.role")}>
          {(ids) => (
            <Select
              {...ids}
              value={role}
              onChange={setRole}
              options={(table?.roles ?? []).map((row) => ({
                value: row.role,
                label: t(`roles.${row.role}`, { defaultValue: row.role }),
                disabled: !row.actions.every((action) => mine.has(action)),
              }))}
            />
          )}
        </Field>
        <Field label={t("keys.expires")}>
          {(ids) => (
            <Select
              {...ids}
              value={expires}
              onChange={setExpires}
              options={days.map((value) => ({ value, label: t(`keys.days.${value}`) }))}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
