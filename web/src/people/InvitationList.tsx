// Invitations that nobody has taken yet.
import { useTranslation } from "react-i18next";
import { type Invitation, usePeopleAction } from "../api/account.ts";
import { request } from "../api/request.ts";
import { Button } from "../ui/Button.tsx";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import { useTellFailure } from "../ui/useTellFailure.ts";
import { Panel } from "./Panel.tsx";

type InvitationListProps = { invitations: readonly Invitation[]; mayChange: boolean };

export function InvitationList({ invitations, mayChange }: InvitationListProps) {
  const { t } = useTranslation("people");
  const tellFailure = useTellFailure();
  const revoke = usePeopleAction(
    (id: string) => request("delete /api/v1/invitations/:id", { params: { id } }),
    ["invitations"],
  );
  return (
    <Panel title={t("invited")}>
      {invitations.map(({ id, email, role, expiresAt }) => (
        <div key={id} className="flex min-h-14 flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2">
          <div className="min-w-0 flex-1 basis-48">
            <p dir="ltr" className="truncate font-medium rtl:text-right">
              {email}
            </p>
            <p className="text-muted text-xs">
              {t("invitedUntil")} <RelativeTime at={expiresAt} />
            </p>
          </div>
          <span className="text-muted text-sm">{t(`roles.${role}`, { defaultValue: role })}</span>
          {mayChange && (
            <Button size="small" onClick={() => revoke.mutate(id, { onError: tellFailure })}>
              {t("takeBack")}
            </Button>
          )}
        </div>
      ))}
    </Panel>
  );
}
