// Chooses the language, each by its own name.
import { useTranslation } from "react-i18next";
import { chooseLanguage, currentLanguage } from "../i18n/i18n.ts";
import { languages } from "../i18n/languages.ts";
import { SegmentedControl } from "../ui/SegmentedControl.tsx";

export function LanguageSwitch() {
  const { t } = useTranslation("shell");
  return (
    <SegmentedControl
      label={t("appearance.language")}
      segments={languages.map(({ code, name }) => ({ value: code, label: name }))}
      value={currentLanguage()}
      onChange={(code) => void chooseLanguage(code)}
    />
  );
}
