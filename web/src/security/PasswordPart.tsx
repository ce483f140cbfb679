// Another password. The other sessions of the account end with the old one.
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { usePeopleAction } from "../api/account.ts";
import { request } from "../api/request.ts";
import { Button } from "../ui/Button.tsx";
import { describeError } from "../ui/describeError.ts";
import { Field } from "../ui/Field.tsx";
import { Input } from "../ui/Input.tsx";
import { toast } from "../ui/toasts.ts";
import { Section } from "./Section.tsx";

export function PasswordPart() {
  const { t } = useTranslation("security");
  const [currentPassword, setCurrent] = useState("");
  const [newPassword, setNew] = useState("");
  const change = usePeopleAction(
    () => request("put /api/v1/auth/password", { body: { currentPassword, newPassword } }),
    ["sessions"],
  );
  const problem = change.error === null ? undefined : describeError(change.error, t);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!event.currentTarget.reportValidity()) return;
    change.mutate(undefined, {
      onSuccess: () => {
        setCurrent("");
        setNew("");
        toast.success(t("password.changed"));
      },
    });
  };
  return (
    <Section title={t("password.title")} text={t("password.text")}>
      <form onSubmit={submit} className="grid items-start gap-4 px-4 py-4 sm:grid-cols-2">
        <Field label={t("password.mine")}>
          {(ids) => (
            <Input
              {...ids}
              type="password"
              required
              autoComplete="current-password"
              dir="ltr"
              value={currentPassword}
              onChange={(event) => setCurrent(event.target.value)}
            />
          )}
        </Field>
        <Field
          label={t("password.new")}
          help={t("password.help")}
          error={problem === undefined ? undefined : `${problem.title} ${problem.remedy}`}
        >
          {(ids) => (
            <Input
              {...ids}
              type="password"
              required
              minLength={10}
              autoComplete="new-password"
              dir="ltr"
              value={newPassword}
              onChange={(event) => setNew(event.target.value)}
            />
          )}
        </Field>
        <Button type="submit" busy={change.isPending} className="justify-self-start">
          {t("password.change")}
        </Button>
      </form>
    </Section>
  );
}
