// Who is signed in, in which organization, and the way to another one, to the account and out.
import { Building2, Check, KeyRound, LogOut, ShieldCheck, UserRound } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useMe } from "../api/account.ts";
import { queryClient } from "../api/queryClient.ts";
import { signInAsPerson, signOut, useSession } from "../api/session.ts";
import { paths } from "../paths.ts";
import { Menu, type MenuEntry } from "../ui/Menu.tsx";

export function AccountMenu({ onGo }: { onGo?: () => void }) {
  const { t } = useTranslation("shell");
  const navigate = useNavigate();
  const session = useSession();
  const { data: me } = useMe();
  const isKey = session?.kind === "key";
  const name = me?.user?.name ?? t("account.key");
  const others: MenuEntry[] =
    me === undefined || isKey || me.organizations.length < 2
      ? []
      : [
          ...me.organizations.map((organization) => ({
            label: organization.name,
            icon: organization.id === me.organization?.id ? Check : Building2,
            onSelect: () => {
              if (organization.id === me.organization?.id) return;
              signInAsPerson(organization.id);
              // Nothing of the one organization is shown in the other.
              queryClient.clear();
              void navigate(paths.home());
            },
          })),
          "separator",
        ];
  const entries: MenuEntry[] = [
    ...others,
    {
      label: t(isKey ? "account.settings" : "account.security"),
      icon: isKey ? KeyRound : ShieldCheck,
      onSelect: () => {
        onGo?.();
        void navigate(isKey ? paths.settings() : paths.security());
      },
    },
    { label: t("commands.signOut"), icon: LogOut, onSelect: () => signOut("asked") },
  ];
  return (
    <Menu
      align="start"
      trigger={
        <button
          type="button"
          className="flex min-h-10 w-full min-w-0 items-center gap-2 rounded-md px-2 py-1 text-start hover:bg-hover"
        >
          <UserRound aria-hidden className="size-4 shrink-0 text-muted" strokeWidth={1.75} />
          <span className="min-w-0">
            <span className="sr-only">{t("account.menu")}</span>
            <span dir="auto" className="block truncate font-medium text-xs">
              {name}
            </span>
            <span dir="auto" className="block truncate text-2xs text-muted">
              {me?.organization?.name ?? ""}
            </span>
          </span>
        </button>
      }
      entries={entries}
    />
  );
}
