// Every piece of src/ui in every state, for those who build the app: look at it in light and dark, on a phone, and in
// Arabic. Its captions are names of components, so they are the same in every language.
import { useTranslation } from "react-i18next";
import { LanguageSwitch } from "../shell/LanguageSwitch.tsx";
import { Page } from "../shell/Page.tsx";
import { ThemeSwitch } from "../shell/ThemeSwitch.tsx";
import { ControlPieces } from "./ControlPieces.tsx";
import { DataPieces } from "./DataPieces.tsx";
import { OverlayPieces } from "./OverlayPieces.tsx";
import { StatePieces } from "./StatePieces.tsx";
import { TokenPieces } from "./TokenPieces.tsx";

export function GalleryPage() {
  const { t } = useTranslation("gallery");
  return (
    <Page title={t("title")}>
      <div className="flex flex-wrap items-center gap-3">
        <p className="me-auto max-w-prose text-muted">{t("text")}</p>
        <LanguageSwitch />
        <ThemeSwitch />
      </div>
      <TokenPieces />
      <ControlPieces />
      <OverlayPieces />
      <StatePieces />
      <DataPieces />
    </Page>
  );
}
