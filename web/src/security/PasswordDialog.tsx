// Asks for the password before something about the account changes.
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { describeError } from "../ui/describeError.ts";
import { Field } from "../ui/Field.tsx";
import { Input } from "../ui/Input.tsx";

type PasswordDialogProps = {
  title: string;
  text?: string;
  action: string;
  danger?: boolean;
  /** Throws what the server refused. */
  onPassword(password: string): Promise<void>;
  onClose(): void;
};

export function PasswordDialog({
  title,
  text,
  action,
  danger = false,
  onPassword,
  onClose,
}: PasswordDialogProps) {
  const { t } = useTranslation("security");
  const [password, setPassword] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isBusy || !event.currentTarget.reportValidity()) return;
    setIsBusy(true);
    setProblem("");
    try {
      await onPassword(password);
    } catch (error) {
      const { title: what, remedy } = describeError(error, t);
      setProblem(`${what} ${remedy}`);
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={title}
      {...(text === undefined ? {} : { description: text })}
      actions={
        <>
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <Button tone={danger ? "danger" : "primary"} type="submit" form="password" busy={isBusy}>
            {action}
          </Button>
        </>
      }
    >
      <form id="password" onSubmit={submit}>
        <Field label={t("password.mine")} error={problem || undefined}>
          {(ids) => (
            <Input
              {...ids}
              type="password"
              required
              autoFocus
              autoComplete="current-password"
              dir="ltr"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
