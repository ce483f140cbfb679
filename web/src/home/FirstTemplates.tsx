// Below the welcome: a first workflow need not be drawn from nothing.
import { useTranslation } from "react-i18next";
import { TemplateGrid } from "../templates/TemplateGrid.tsx";
import { useStartFromTemplate } from "../templates/useStartFromTemplate.ts";

export function FirstTemplates() {
  const { t } = useTranslation("templates");
  const { start, busy } = useStartFromTemplate();
  return (
    <section aria-labelledby="first-templates">
      <h2 id="first-templates" className="mb-2 font-semibold text-base">
        {t("or")}
      </h2>
      <TemplateGrid onChoose={start} busy={busy} most={6} />
    </section>
  );
}
