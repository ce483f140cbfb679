// An address that leads nowhere, and the ways on.
import { Compass } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import { paths } from "../paths.ts";
import { Button } from "../ui/Button.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { openOverlay } from "./overlays.ts";
import { Page } from "./Page.tsx";

export function NotFoundPage() {
  const { t } = useTranslation("shell");
  const { pathname } = useLocation();
  return (
    <Page title={t("notFound.title")}>
      <EmptyState
        icon={Compass}
        title={t("notFound.heading")}
        actions={
          <>
            <Button asChild tone="primary">
              <Link to={paths.home()}>{t("notFound.home")}</Link>
            </Button>
            <Button onClick={() => openOverlay("palette")}>{t("palette.open")}</Button>
          </>
        }
      >
        <p>{t("notFound.text")}</p>
        <code className="mt-2 block font-mono text-xs" dir="ltr">
          {pathname}
        </code>
      </EmptyState>
    </Page>
  );
}
