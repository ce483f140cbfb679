// Members with their roles. What the server would refuse is not offered: one's own row, and rows of those with more rights.
import { Ellipsis, LogOut, ShieldCheck, UserMinus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { type Me, type Member, usePeopleAction } from "../api/account.ts";
import { request } from "../api/request.ts";
import { useFormat } from "../i18n/useFormat.ts";
import { Badge } from "../ui/Badge.tsx";
import { confirm } from "../ui/confirmations.ts";
import { IconButton } from "../ui/IconButton.tsx";
import { Menu } from "../ui/Menu.tsx";
import { Select } from "../ui/Select.tsx";
import { toast } from "../ui/toasts.ts";
import { useTellFailure } from "../ui/useTellFailure.ts";
import { Panel } from "./Panel.tsx";
import { useRoleOptions } from "./useRoleOptions.ts";

type MemberListProps = {
  members: readonly Member[];
  /** There are others that are not loaded yet. */
  isMore: boolean;
  mayChange: boolean;
  me: Me | undefined;
};

export function MemberList({ members, isMore, mayChange, me }: MemberListProps) {
  const { t } = useTranslation("people");
  const format = useFormat();
  return (
    <Panel
      title={
        isMore
          ? t("firstMembers", { number: format.number(members.length) })
          : t("members", { count: members.length })
      }
    >
      {members.length === 0 && <p className="px-4 py-6 text-muted">{t("nobody")}</p>}
      {members.map((member) => (
        <MemberRow
          key={member.userId}
          member={member}
          isMe={member.userId === me?.user?.id}
          mayChange={mayChange}
        />
      ))}
    </Panel>
  );
}

function MemberRow({ member, isMe, mayChange }: { member: Member; isMe: boolean; mayChange: boolean }) {
  const { t } = useTranslation("people");
  const tellFailure = useTellFailure();
  const roles = useRoleOptions();
  const isHigher = !roles.some(({ value, disabled }) => value === member.role && disabled !== true);
  const canChange = mayChange && !isMe && !isHigher;
  const change = usePeopleAction(
    (role: string) => request("put /api/v1/members/:id", { params: { id: member.userId }, body: { role } }),
    ["members"],
  );
  const remove = usePeopleAction(
    () => request("delete /api/v1/members/:id", { params: { id: member.userId } }),
    ["members"],
  );
  const signOutEverywhere = usePeopleAction(
    () => request("post /api/v1/members/:id/sign-out", { params: { id: member.userId } }),
    [],
  );
  const askToRemove = async () => {
    const question = { title: t("remove.title", { name: member.name }), description: t("remove.text") };
    if (!(await confirm({ ...question, action: t("remove.action"), danger: true }))) return;
    remove.mutate(undefined, {
      onSuccess: () => toast.success(t("remove.done", { name: member.name })),
      onError: tellFailure,
    });
  };
  return (
    <div className="flex min-h-14 flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2">
      <div className="min-w-0 flex-1 basis-24 sm:basis-48">
        <p className="flex min-w-0 items-center gap-1.5">
          <span dir="auto" className="truncate font-medium">
            {member.name}
          </span>
          {isMe && <Badge>{t("you")}</Badge>}
          {member.twoFactor && (
            <span title={t("strong")} className="text-ok">
              <ShieldCheck aria-hidden className="size-4" />
              <span className="sr-only">{t("strong")}</span>
            </span>
          )}
        </p>
        <p dir="ltr" className="truncate text-muted text-xs rtl:text-right">
          {member.email}
        </p>
      </div>
      {canChange ? (
        <Select
          aria-label={t("roleOf", { name: member.name })}
          className="w-28 sm:w-36"
          value={member.role}
          options={roles}
          onChange={(role) => change.mutate(role, { onError: tellFailure })}
        />
      ) : (
        <span className="text-muted text-sm">{t(`roles.${member.role}`, { defaultValue: member.role })}</span>
      )}
      {canChange && (
        <Menu
          trigger={<IconButton icon={Ellipsis} label={t("actionsOf", { name: member.name })} />}
          entries={[
            {
              label: t("signOut.action"),
              icon: LogOut,
              onSelect: () =>
                signOutEverywhere.mutate(undefined, {
                  onSuccess: () => toast.success(t("signOut.done", { name: member.name })),
                  onError: tellFailure,
                }),
            },
            "separator",
            { label: t("remove.action"), icon: UserMinus, danger: true, onSelect: () => void askToRemove() },
          ]}
        />
      )}
    </div>
  );
}
