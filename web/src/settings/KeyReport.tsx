// How this browser is signed in: with a key (enough of it to recognise, and where it is kept) or as a person; and the
// way out.
import { LogOut, ShieldCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useMe } from "../api/account.ts";
import { signOut, useSession, whereKeyIsKept } from "../api/session.ts";
import { paths } from "../paths.ts";
import { Button } from "../ui/Button.tsx";
import { Setting } from "./Setting.tsx";

export function KeyReport() {
  const { t } = useTranslation("settings");
  const session = useSession();
  const { data: me } = useMe();
  const isKey = session?.kind === "key";
  return (
    <>
      {isKey ? (
        <Setting label={t("key.current")} help={t(`key.kept.${whereKeyIsKept()}`)}>
          <code dir="ltr" className="font-mono text-xs">
            {`•••• ${session.key.slice(-4)}`}
          </code>
        </Setting>
      ) : (
        <Setting label={me?.user?.name ?? t("person.title")} help={me?.user?.email ?? ""}>
          <Button asChild>
            <Link to={paths.security()}>
              <ShieldCheck aria-hidden className="size-4" />
              {t("person.security")}
            </Link>
          </Button>
        </Setting>
      )}
      <Setting label={t("key.leave")} help={t(isKey ? "key.leaveHelp" : "person.leaveHelp")}>
        <Button onClick={() => signOut("asked")}>
          <LogOut aria-hidden className="size-4 rtl:-scale-x-100" />
          {t("key.signOut")}
        </Button>
      </Setting>
    </>
  );
}
