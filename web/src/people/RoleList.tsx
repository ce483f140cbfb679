// Roles of the organization's own: made, changed and deleted here; members, invitations and keys take them like the
// built-in ones. Whoever lacks a right of a role cannot change it, so it is not offered.
import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe, usePeopleAction, usePermissions } from "../api/account.ts";
import { request } from "../api/request.ts";
import { Button } from "../ui/Button.tsx";
import { confirm } from "../ui/confirmations.ts";
import { toast } from "../ui/toasts.ts";
import { useTellFailure } from "../ui/useTellFailure.ts";
import { Panel } from "./Panel.tsx";
import { type OwnRole, RoleDialog } from "./RoleDialog.tsx";

export function RoleList() {
  const { t } = useTranslation("people");
  const tellFailure = useTellFailure();
  const { data: table } = usePermissions();
  const { data: me } = useMe();
  const [open, setOpen] = useState<OwnRole | "new" | null>(null);
  const remove = usePeopleAction(
    (name: string) => request("delete /api/v1/roles/:name", { params: { name } }),
    ["permissions"],
  );
  if (!table) return null;
  const own = table.roles.filter(({ builtIn }) => !builtIn);
  const mine = new Set(me?.actions);
  const askToDelete = async (role: string) => {
    const question = { title: t("ownRoles.deleteTitle", { role }), description: t("ownRoles.deleteText") };
    if (!(await confirm({ ...question, action: t("ownRoles.delete"), danger: true }))) return;
    remove.mutate(role, {
      onSuccess: () => toast.success(t("ownRoles.deleted", { role })),
      onError: tellFailure,
    });
  };
  return (
    <>
      <Panel
        title={t("ownRoles.title")}
        text={t("ownRoles.text")}
        actions={
          <Button size="small" onClick={() => setOpen("new")}>
            <Plus aria-hidden className="size-4" />
            {t("ownRoles.new")}
          </Button>
        }
      >
        {own.length === 0 && <p className="px-4 py-4 text-muted text-sm">{t("ownRoles.none")}</p>}
        {own.map((role) => (
          <div key={role.role} className="flex min-h-14 flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2">
            <div className="min-w-0 flex-1 basis-48">
              <p dir="ltr" className="truncate font-medium rtl:text-right">
                {role.role}
              </p>
              <p dir="auto" className="truncate text-muted text-xs">
                {role.description ?? t("ownRoles.rights", { count: role.actions.length })}
              </p>
            </div>
            {role.actions.every((action) => mine.has(action)) && (
              <div className="flex gap-2">
                <Button
                  size="small"
                  aria-label={t("ownRoles.editOf", { role: role.role })}
                  onClick={() => setOpen(role)}
                >
                  {t("ownRoles.edit")}
                </Button>
                <Button
                  size="small"
                  aria-label={t("ownRoles.deleteOf", { role: role.role })}
                  onClick={() => void askToDelete(role.role)}
                >
                  {t("ownRoles.delete")}
                </Button>
              </div>
            )}
          </div>
        ))}
      </Panel>
      {open !== null && (
        <RoleDialog {...(open === "new" ? {} : { role: open })} table={table} onClose={() => setOpen(null)} />
      )}
    </>
  );
}
