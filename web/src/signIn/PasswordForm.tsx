// E-mail and password, then the second factor for who has one.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { takeSession } from "../api/account.ts";
import { request } from "../api/request.ts";
import { Button } from "../ui/Button.tsx";
import { Checkbox } from "../ui/Checkbox.tsx";
import { DoorField, DoorForm } from "./DoorForm.tsx";

export function PasswordForm({ onForgotten }: { onForgotten(): void }) {
  const { t } = useTranslation("signIn");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [isKept, setIsKept] = useState(true);
  const [isHalfWay, setIsHalfWay] = useState(false);
  if (isHalfWay) return <CodeForm />;
  const submit = async () => {
    const { twoFactorNeeded } = await request("post /api/v1/auth/sign-in", {
      body: { email: email.trim(), password, rememberMe: isKept },
    });
    if (twoFactorNeeded) setIsHalfWay(true);
    else await takeSession();
  };
  return (
    <DoorForm action={t("signIn")} onSubmit={submit}>
      <DoorField
        label={t("email")}
        type="email"
        name="email"
        autoComplete="username"
        autoFocus
        dir="ltr"
        value={email}
        onChange={setEmail}
      />
      <DoorField
        label={t("password")}
        type="password"
        name="password"
        autoComplete="current-password"
        dir="ltr"
        value={password}
        onChange={setPassword}
      />
      <div className="flex flex-wrap items-center justify-between gap-2">
        <Checkbox label={t("stay")} checked={isKept} onChange={setIsKept} />
        <Button tone="quiet" size="small" onClick={onForgotten}>
          {t("forgotten.link")}
        </Button>
      </div>
    </DoorForm>
  );
}

function CodeForm() {
  const { t } = useTranslation("signIn");
  const [isBackup, setIsBackup] = useState(false);
  const [code, setCode] = useState("");
  const submit = async () => {
    const body = { code: code.trim() };
    await (isBackup
      ? request("post /api/v1/auth/sign-in/backup-code", { body })
      : request("post /api/v1/auth/sign-in/code", { body: { code: body.code.replace(/\s/g, "") } }));
    await takeSession();
  };
  return (
    <DoorForm action={t("code.action")} onSubmit={submit}>
      <DoorField
        key={String(isBackup)}
        label={t(isBackup ? "code.backup" : "code.label")}
        help={t(isBackup ? "code.backupHelp" : "code.help")}
        name="code"
        autoComplete="one-time-code"
        inputMode={isBackup ? "text" : "numeric"}
        autoFocus
        dir="ltr"
        value={code}
        onChange={setCode}
      />
      <Button
        tone="quiet"
        size="small"
        className="justify-self-start"
        onClick={() => {
          setIsBackup(!isBackup);
          setCode("");
        }}
      >
        {t(isBackup ? "code.useApp" : "code.useBackup")}
      </Button>
    </DoorForm>
  );
}
