// What each role may do, as the server decides it. Folded away: most people look here once.
import { Check } from "lucide-react";
import { useTranslation } from "react-i18next";
import { usePermissions } from "../api/account.ts";

export function RoleTable() {
  const { t } = useTranslation("people");
  const { data: table } = usePermissions();
  if (!table) return null;
  return (
    <details className="rounded-lg border border-line bg-panel">
      <summary className="cursor-pointer px-4 py-3 font-semibold text-base">{t("rights.title")}</summary>
      <div className="overflow-x-auto border-line border-t">
        <table className="w-full text-xs">
          <thead>
            <tr className="border-line border-b text-muted">
              <th scope="col" className="px-4 py-2 text-start font-medium">
                {t("rights.right")}
              </th>
              {table.roles.map(({ role }) => (
                <th key={role} scope="col" className="px-2 py-2 font-medium">
                  {t(`roles.${role}`, { defaultValue: role })}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {table.actions.map(({ action }) => (
              <tr key={action}>
                <th scope="row" className="px-4 py-1.5 text-start font-normal">
                  <code dir="ltr" className="font-mono">
                    {action}
                  </code>
                </th>
                {table.roles.map(({ role, actions }) => (
                  <td key={role} className="px-2 py-1.5 text-center">
                    {actions.includes(action) ? (
                      <>
                        <Check aria-hidden className="inline size-3.5 text-ok" />
                        <span className="sr-only">{t("rights.may")}</span>
                      </>
                    ) : (
                      <span className="sr-only">{t("rights.mayNot")}</span>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
