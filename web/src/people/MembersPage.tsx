// Who belongs to this organization, with which role; who is invited; who may be let in or sent away.
import { UserPlus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useInvitations, useMay, useMe, useMembers } from "../api/account.ts";
import { Page } from "../shell/Page.tsx";
import { Button } from "../ui/Button.tsx";
import { ErrorState } from "../ui/ErrorState.tsx";
import { NothingFound } from "../ui/NothingFound.tsx";
import { SearchInput } from "../ui/SearchInput.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";
import { useView } from "../useView.ts";
import { InvitationList } from "./InvitationList.tsx";
import { InviteDialog } from "./InviteDialog.tsx";
import { MemberList } from "./MemberList.tsx";
import { OrganizationSettings } from "./OrganizationSettings.tsx";
import { RoleList } from "./RoleList.tsx";
import { RoleTable } from "./RoleTable.tsx";

export function MembersPage() {
  const { t } = useTranslation("people");
  const [isInviting, setIsInviting] = useState(false);
  const mayChange = useMay("member.write");
  const mayRoles = useMay("role.write");
  const mayOrganize = useMay("organization.write");
  const { data: me } = useMe();
  const [view, change] = useView();
  const search = view.get("search") ?? "";
  const members = useMembers(search);
  const invitations = useInvitations();
  return (
    <Page
      title={t("title")}
      actions={
        mayChange && (
          <Button tone="primary" onClick={() => setIsInviting(true)}>
            <UserPlus aria-hidden className="size-4" />
            <span className="max-sm:sr-only">{t("invite.action")}</span>
          </Button>
        )
      }
    >
      <div className="grid max-w-4xl gap-8">
        <SearchInput
          label={t("search")}
          value={search}
          onChange={(text) => change({ search: text })}
          className="-mb-4 w-full sm:max-w-sm"
        />
        {members.error && !members.data ? (
          <ErrorState
            error={members.error}
            onRetry={() => void members.refetch()}
            busy={members.isFetching}
          />
        ) : members.data === undefined ? (
          <SkeletonRows label={t("loading")} />
        ) : members.data.length === 0 && search !== "" ? (
          <NothingFound text={t("nothingFound", { search })} onClear={() => change({ search: undefined })} />
        ) : (
          <>
            <MemberList members={members.data} isMore={members.hasNextPage} mayChange={mayChange} me={me} />
            {members.hasNextPage && (
              <Button
                className="-mt-5 justify-self-start"
                busy={members.isFetchingNextPage}
                onClick={() => void members.fetchNextPage()}
              >
                {t("more")}
              </Button>
            )}
          </>
        )}
        {invitations.data !== undefined && invitations.data.length > 0 && (
          <InvitationList invitations={invitations.data} mayChange={mayChange} />
        )}
        {invitations.hasNextPage && (
          <Button
            className="-mt-5 justify-self-start"
            busy={invitations.isFetchingNextPage}
            onClick={() => void invitations.fetchNextPage()}
          >
            {t("more")}
          </Button>
        )}
        {mayOrganize && me?.organization !== undefined && (
          <OrganizationSettings organization={me.organization} />
        )}
        {mayRoles && <RoleList />}
        <RoleTable />
      </div>
      {isInviting && <InviteDialog onClose={() => setIsInviting(false)} />}
    </Page>
  );
}
