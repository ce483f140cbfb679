// The authenticator app: set up with a QR code and a first code, kept with backup codes, ended with the password.
import { ShieldAlert, ShieldCheck } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { usePeopleAction } from "../api/account.ts";
import { type ReplyOf, request } from "../api/request.ts";
import { Button } from "../ui/Button.tsx";
import { toast } from "../ui/toasts.ts";
import { BackupCodesDialog } from "./BackupCodesDialog.tsx";
import { PasswordDialog } from "./PasswordDialog.tsx";
import { Row, Section } from "./Section.tsx";
import { TotpDialog } from "./TotpDialog.tsx";

type Begun = ReplyOf<"post /api/v1/auth/totp">;
type Asking = "begin" | "end" | "codes" | null;

export function TotpPart({ isOn }: { isOn: boolean }) {
  const { t } = useTranslation("security");
  const [asking, setAsking] = useState<Asking>(null);
  const [begun, setBegun] = useState<Begun | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const begin = usePeopleAction(
    (password: string) => request("post /api/v1/auth/totp", { body: { password } }),
    [],
  );
  const end = usePeopleAction(
    (password: string) => request("post /api/v1/auth/totp/end", { body: { password } }),
    ["me", "sessions", "members"],
  );
  const renew = usePeopleAction(
    (password: string) => request("post /api/v1/auth/backup-codes", { body: { password } }),
    [],
  );
  const Icon = isOn ? ShieldCheck : ShieldAlert;
  return (
    <Section title={t("totp.title")} text={t("totp.text")}>
      <Row
        title={
          <span className={`flex items-center gap-1.5 ${isOn ? "text-ok" : ""}`}>
            <Icon aria-hidden className="size-4" />
            {t(isOn ? "totp.on" : "totp.off")}
          </span>
        }
      >
        {isOn ? (
          <div className="flex flex-wrap gap-2">
            <Button onClick={() => setAsking("codes")}>{t("totp.newCodes")}</Button>
            <Button onClick={() => setAsking("end")}>{t("totp.end")}</Button>
          </div>
        ) : (
          <Button tone="primary" onClick={() => setAsking("begin")}>
            {t("totp.begin")}
          </Button>
        )}
      </Row>
      {asking === "begin" && (
        <PasswordDialog
          title={t("totp.title")}
          action={t("continue")}
          onClose={() => setAsking(null)}
          onPassword={async (password) => {
            setBegun(await begin.mutateAsync(password));
            setAsking(null);
          }}
        />
      )}
      {asking === "codes" && (
        <PasswordDialog
          title={t("totp.newCodes")}
          text={t("totp.newCodesText")}
          action={t("totp.newCodes")}
          onClose={() => setAsking(null)}
          onPassword={async (password) => {
            setCodes((await renew.mutateAsync(password)).backupCodes);
            setAsking(null);
          }}
        />
      )}
      {asking === "end" && (
        <PasswordDialog
          title={t("totp.endTitle")}
          text={t("totp.endText")}
          action={t("totp.end")}
          danger
          onClose={() => setAsking(null)}
          onPassword={async (password) => {
            await end.mutateAsync(password);
            setAsking(null);
            toast.success(t("totp.ended"));
          }}
        />
      )}
      {begun !== null && (
        <TotpDialog
          uri={begun.totpURI}
          onClose={() => setBegun(null)}
          onDone={() => {
            setCodes(begun.backupCodes);
            setBegun(null);
          }}
        />
      )}
      {codes !== null && <BackupCodesDialog codes={codes} onClose={() => setCodes(null)} />}
    </Section>
  );
}
