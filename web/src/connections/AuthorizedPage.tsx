// Where a service sends the person back after they allowed (or refused) an access. The code goes to the server once.
import { KeyRound } from "lucide-react";
import { useEffect, useEffectEvent, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { useFinishAuthorization } from "../api/connections.ts";
import { paths } from "../paths.ts";
import { Page } from "../shell/Page.tsx";
import { Button } from "../ui/Button.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { ErrorState } from "../ui/ErrorState.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";
import { toast } from "../ui/toasts.ts";
import { useView } from "../useView.ts";

export function AuthorizedPage() {
  const { t } = useTranslation("connections");
  const navigate = useNavigate();
  const [view] = useView();
  const finish = useFinishAuthorization();
  const isSent = useRef(false);
  const code = view.get("code");
  const state = view.get("state");
  const refusal = view.get("error_description") ?? view.get("error");

  const send = useEffectEvent(() => {
    if (isSent.current || code === null || state === null) return;
    isSent.current = true;
    finish.mutate(
      { code, state },
      {
        onSuccess: ({ id, name }) => {
          toast.success(t("authorized.done", { name }));
          void navigate(paths.connections({ open: id }), { replace: true });
        },
      },
    );
  });
  useEffect(() => send(), []);

  const isOver = refusal !== null || code === null || state === null;
  const back = (
    <Button asChild>
      <Link to={paths.connections()}>{t("authorized.back")}</Link>
    </Button>
  );
  return (
    <Page title={t("authorized.title")}>
      {finish.error && <ErrorState error={finish.error} />}
      {isOver && (
        <div role="alert">
          <EmptyState icon={KeyRound} title={t("authorized.refused")} actions={back}>
            {refusal && <p dir="auto">{refusal}</p>}
          </EmptyState>
        </div>
      )}
      {!isOver && !finish.error && <SkeletonRows label={t("authorized.busy")} />}
      {finish.error && <div>{back}</div>}
    </Page>
  );
}
