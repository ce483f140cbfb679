// What a page shows when it broke: the frame stays, so that every other page is one click away.
import { useTranslation } from "react-i18next";
import { isRouteErrorResponse, useNavigate, useRouteError } from "react-router";
import { ErrorState } from "../ui/ErrorState.tsx";
import { NotFoundPage } from "./NotFoundPage.tsx";
import { Page } from "./Page.tsx";

export function PageError() {
  const { t } = useTranslation("shell");
  const error = useRouteError();
  const navigate = useNavigate();
  if (isRouteErrorResponse(error) && error.status === 404) return <NotFoundPage />;
  return (
    <Page title={t("pageError.title")}>
      <ErrorState error={error} onRetry={() => navigate(0)} />
    </Page>
  );
}
