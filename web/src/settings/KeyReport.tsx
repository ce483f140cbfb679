// The key of this browser: enough of it to recognise, where it is kept, and the way out.
import { LogOut } from "lucide-react";
import { useTranslation } from "react-i18next";
import { signOut, useKey, whereKeyIsKept } from "../api/session.ts";
import { Button } from "../ui/Button.tsx";
import { Setting } from "./Setting.tsx";

export function KeyReport() {
  const { t } = useTranslation("settings");
  const key = useKey() ?? "";
  return (
    <>
      <Setting label={t("key.current")} help={t(`key.kept.${whereKeyIsKept()}`)}>
        <code dir="ltr" className="font-mono text-xs">
          {`•••• ${key.slice(-4)}`}
        </code>
      </Setting>
      <Setting label={t("key.leave")} help={t("key.leaveHelp")}>
        <Button onClick={() => signOut("asked")}>
          <LogOut aria-hidden className="size-4 rtl:-scale-x-100" />
          {t("key.signOut")}
        </Button>
      </Setting>
    </>
  );
}
