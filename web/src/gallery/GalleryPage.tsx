// Every piece of src/ui in every state, for those who build the app. Look at it in light and dark, and in Arabic.
import { useTranslation } from "react-i18next";
import { Page } from "../shell/Page.tsx";

export function GalleryPage() {
  const { t } = useTranslation("gallery");
  return <Page title={t("title")}>{null}</Page>;
}
