// Settings of this person in this browser, and what this installation is.
import { DatabaseBackup, ShieldCheck } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useMay } from "../api/account.ts";
import { useSession } from "../api/session.ts";
import { paths } from "../paths.ts";
import { LanguageSwitch } from "../shell/LanguageSwitch.tsx";
import { Page } from "../shell/Page.tsx";
import { chooseSingleKeys, useSingleKeys } from "../shell/shortcuts.ts";
import { ThemeSwitch } from "../shell/ThemeSwitch.tsx";
import { Button } from "../ui/Button.tsx";
import { Switch } from "../ui/Switch.tsx";
import { HealthReport } from "./HealthReport.tsx";
import { KeyReport } from "./KeyReport.tsx";
import { Setting } from "./Setting.tsx";

export function SettingsPage() {
  const { t } = useTranslation("settings");
  const session = useSession();
  const mayProtect = useMay("protection.read");
  const mayBackUp = useMay("backup.read");
  return (
    <Page title={t("title")}>
      <div className="grid max-w-3xl gap-8">
        <Section title={t("appearance.title")}>
          <Setting label={t("appearance.language")}>
            <LanguageSwitch />
          </Setting>
          <Setting label={t("appearance.theme")} help={t("appearance.themeHelp")}>
            <ThemeSwitch />
          </Setting>
          <Setting label={t("keyboard.title")} help={t("keyboard.help")}>
            <SingleKeys />
          </Setting>
        </Section>
        <Section title={t(session?.kind === "key" ? "key.title" : "person.title")}>
          <KeyReport />
        </Section>
        {mayProtect && (
          <Section title={t("protection.title")}>
            <Setting label={t("protection.label")} help={t("protection.help")}>
              <Button asChild>
                <Link to={paths.dataProtection()}>
                  <ShieldCheck aria-hidden className="size-4" />
                  {t("protection.open")}
                </Link>
              </Button>
            </Setting>
          </Section>
        )}
        {mayBackUp && (
          <Section title={t("backups.title")}>
            <Setting label={t("backups.label")} help={t("backups.help")}>
              <Button asChild>
                <Link to={paths.backups()}>
                  <DatabaseBackup aria-hidden className="size-4" />
                  {t("backups.open")}
                </Link>
              </Button>
            </Setting>
          </Section>
        )}
        <Section title={t("about.title")}>
          <HealthReport />
        </Section>
      </div>
    </Page>
  );
}

function SingleKeys() {
  const { t } = useTranslation("settings");
  return <Switch label={t("keyboard.single")} checked={useSingleKeys()} onChange={chooseSingleKeys} />;
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h2 className="mb-2 font-semibold text-base">{title}</h2>
      <div className="divide-y divide-line rounded-lg border border-line bg-panel">{children}</div>
    </section>
  );
}
