// The secret for the authenticator app, as a picture and as text, and the first code that proves it arrived.
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { usePeopleAction } from "../api/account.ts";
import { request } from "../api/request.ts";
import { Button } from "../ui/Button.tsx";
import { CodeBlock } from "../ui/CodeBlock.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { describeError } from "../ui/describeError.ts";
import { Field } from "../ui/Field.tsx";
import { Input } from "../ui/Input.tsx";
import { QrCode } from "./QrCode.tsx";

type TotpDialogProps = { uri: string; onClose(): void; onDone(): void };

export function TotpDialog({ uri, onClose, onDone }: TotpDialogProps) {
  const { t } = useTranslation("security");
  const [code, setCode] = useState("");
  const confirm = usePeopleAction(
    () => request("put /api/v1/auth/totp", { body: { code: code.replace(/\s/g, "") } }),
    ["me", "sessions", "members"],
  );
  const problem = confirm.error === null ? undefined : describeError(confirm.error, t);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    confirm.mutate(undefined, { onSuccess: onDone });
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("totp.title")}
      description={t("totp.scan")}
      actions={
        <>
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <Button tone="primary" type="submit" form="totp" busy={confirm.isPending}>
            {t("totp.confirm")}
          </Button>
        </>
      }
    >
      <form id="totp" onSubmit={submit} className="grid gap-4">
        <div className="flex justify-center">
          <QrCode text={uri} label={t("totp.qr")} />
        </div>
        <details>
          <summary className="cursor-pointer text-muted text-xs">{t("totp.byHand")}</summary>
          <div className="mt-2">
            <CodeBlock text={new URL(uri).searchParams.get("secret") ?? ""} label={t("totp.secret")} />
          </div>
        </details>
        <Field
          label={t("totp.code")}
          error={problem === undefined ? undefined : `${problem.title} ${problem.remedy}`}
        >
          {(ids) => (
            <Input
              {...ids}
              required
              autoFocus
              dir="ltr"
              inputMode="numeric"
              autoComplete="one-time-code"
              value={code}
              onChange={(event) => setCode(event.target.value)}
              className="font-mono"
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
