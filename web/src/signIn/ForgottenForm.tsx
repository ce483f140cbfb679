// Asks for an address where a new password can be chosen. What it says is the same for every address.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { request } from "../api/request.ts";
import { Button } from "../ui/Button.tsx";
import { DoorField, DoorForm } from "./DoorForm.tsx";

export function ForgottenForm({ canMail, onBack }: { canMail: boolean; onBack(): void }) {
  const { t } = useTranslation("signIn");
  const [email, setEmail] = useState("");
  const [isSent, setIsSent] = useState(false);
  return (
    <div className="grid gap-4">
      {isSent ? (
        <p role="status">{t(canMail ? "forgotten.sent" : "forgotten.logged")}</p>
      ) : (
        <DoorForm
          action={t("forgotten.action")}
          onSubmit={async () => {
            await request("post /api/v1/auth/password-reset", { body: { email: email.trim() } });
            setIsSent(true);
          }}
        >
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
        </DoorForm>
      )}
      <Button tone="quiet" size="small" className="justify-self-start" onClick={onBack}>
        {t("forgotten.back")}
      </Button>
    </div>
  );
}
