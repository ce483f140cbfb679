// The commands that are there on every page: go to a room, begin something, change how the app looks, leave.
import {
  Keyboard,
  Languages,
  LayoutTemplate,
  LogOut,
  Moon,
  Plus,
  Search,
  Sun,
  SunMoon,
  Upload,
} from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { signOut } from "../api/session.ts";
import { chooseLanguage } from "../i18n/i18n.ts";
import { languages } from "../i18n/languages.ts";
import { paths } from "../paths.ts";
import { chooseTheme, type Theme } from "./appearance.ts";
import { type Command, useCommands } from "./commands.ts";
import { openOverlay } from "./overlays.ts";
import { rooms } from "./rooms.ts";

const themes: readonly { theme: Theme; icon: typeof Sun }[] = [
  { theme: "light", icon: Sun },
  { theme: "dark", icon: Moon },
  { theme: "system", icon: SunMoon },
];

export function useShellCommands(): void {
  const { t, i18n } = useTranslation("shell");
  const navigate = useNavigate();
  const commands = useMemo<Command[]>(() => {
    const action = (id: string, run: () => void): Command => ({
      id: `do.${id}`,
      label: t(`commands.${id}`),
      group: "do",
      run,
    });
    return [
      ...rooms.map(
        (room): Command => ({
          id: `go.${room.id}`,
          label: t(`rooms.${room.id}`),
          group: "go",
          icon: room.icon,
          keys: room.keys,
          run: () => navigate(room.to),
        }),
      ),
      { ...action("newWorkflow", () => navigate(paths.newWorkflow())), icon: Plus, keys: "c" },
      { ...action("importWorkflow", () => navigate(paths.importWorkflow())), icon: Upload },
      { ...action("templates", () => navigate(paths.templates())), icon: LayoutTemplate },
      { ...action("palette", () => openOverlay("palette")), icon: Search, keys: "Mod+K" },
      { ...action("shortcuts", () => openOverlay("shortcuts")), icon: Keyboard, keys: "?" },
      { ...action("signOut", () => signOut("asked")), icon: LogOut },
      ...themes.map(
        ({ theme, icon }): Command => ({
          id: `theme.${theme}`,
          label: t(`commands.theme.${theme}`),
          group: "appearance",
          icon,
          run: () => chooseTheme(theme),
        }),
      ),
      ...languages
        .filter(({ code }) => code !== i18n.language)
        .map(
          ({ code, name }): Command => ({
            id: `language.${code}`,
            label: t("commands.language", { name }),
            group: "appearance",
            icon: Languages,
            words: "language لغة",
            run: () => void chooseLanguage(code),
          }),
        ),
    ];
  }, [t, i18n.language, navigate]);
  useCommands(commands);
}
