// A new password, with the token from the letter.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { request } from "../api/request.ts";
import { paths } from "../paths.ts";
import { Door } from "./Door.tsx";
import { DoorField, DoorForm } from "./DoorForm.tsx";
import { useHashToken } from "./useHashToken.ts";

export function ResetPasswordPage() {
  const { t } = useTranslation("signIn");
  const token = useHashToken();
  const [password, setPassword] = useState("");
  const [isDone, setIsDone] = useState(false);
  return (
    <Door
      title={t("reset.title")}
      text={t(isDone ? "reset.done" : token === "" ? "reset.noToken" : "reset.text")}
    >
      {isDone || token === "" ? (
        <Link to={paths.signIn()} className="text-accent-text underline">
          {t("signIn")}
        </Link>
      ) : (
        <DoorForm
          action={t("reset.action")}
          onSubmit={async () => {
            await request("post /api/v1/auth/password", { body: { token, newPassword: password } });
            setIsDone(true);
          }}
        >
          <DoorField
            label={t("reset.password")}
            help={t("passwordHelp")}
            type="password"
            name="password"
            autoComplete="new-password"
            minLength={10}
            autoFocus
            dir="ltr"
            value={password}
            onChange={setPassword}
          />
        </DoorForm>
      )}
    </Door>
  );
}
