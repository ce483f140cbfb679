// Roles to choose from: all of them, with those that hold rights one lacks shown and not choosable.
import { useTranslation } from "react-i18next";
import { useMe, usePermissions } from "../api/account.ts";
import type { SelectOption } from "../ui/Select.tsx";

export function useRoleOptions(): SelectOption[] {
  const { t } = useTranslation("people");
  const { data: table } = usePermissions();
  const { data: me } = useMe();
  const mine = new Set(me?.actions);
  return (table?.roles ?? []).map(({ role, actions }) => ({
    value: role,
    label: t(`roles.${role}`, { defaultValue: role }),
    disabled: !actions.every((action) => mine.has(action)),
  }));
}
