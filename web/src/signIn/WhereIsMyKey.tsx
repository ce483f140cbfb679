// For the first visit: where the key was shown, and what to do when it is lost.
import { useTranslation } from "react-i18next";
import { CodeBlock } from "../ui/CodeBlock.tsx";

const printed = [
  "AuraOS is running at http://127.0.0.1:4000",
  "",
  "API key, shown this once: aos_••••••••••••••••",
  "",
  "Make the owner's account: http://127.0.0.1:4000/set-up#••••••••",
].join("\n");
const ownKey = "AURAOS_API_KEY=my-long-secret npm start";

export function WhereIsMyKey() {
  const { t } = useTranslation("signIn");
  return (
    <section aria-label={t("where.title")} className="mt-10 grid gap-3 border-line border-t pt-6">
      <h2 className="font-semibold text-base">{t("where.title")}</h2>
      <p className="text-muted">{t("where.printed")}</p>
      <CodeBlock text={printed} canCopy={false} label={t("where.terminal")} />
      <p className="text-muted">{t("where.lost")}</p>
      <CodeBlock text={ownKey} label={t("where.command")} />
    </section>
  );
}
