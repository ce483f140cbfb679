// Chooses light, dark, or what the system says.
import { Moon, Sun, SunMoon } from "lucide-react";
import { useTranslation } from "react-i18next";
import { SegmentedControl } from "../ui/SegmentedControl.tsx";
import { chooseTheme, useTheme } from "./appearance.ts";

export function ThemeSwitch() {
  const { t } = useTranslation("shell");
  return (
    <SegmentedControl
      label={t("appearance.theme")}
      segments={[
        { value: "system", label: t("appearance.system"), icon: SunMoon },
        { value: "light", label: t("appearance.light"), icon: Sun },
        { value: "dark", label: t("appearance.dark"), icon: Moon },
      ]}
      value={useTheme()}
      onChange={chooseTheme}
    />
  );
}
