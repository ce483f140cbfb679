// What can be done with one connection.
import type { TFunction } from "i18next";
import { CircleCheckBig, Ellipsis, Pencil, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../api/apiError.ts";
import {
  type Connection,
  useAuthorizeConnection,
  useDeleteConnection,
  useTestConnection,
} from "../api/connections.ts";
import { useSaid } from "../said/useSaid.ts";
import { confirm } from "../ui/confirmations.ts";
import { errorTitle, inEnglish } from "../ui/errorTitle.ts";
import { IconButton } from "../ui/IconButton.tsx";
import { Menu } from "../ui/Menu.tsx";
import { toast } from "../ui/toasts.ts";
import { useTellFailure } from "../ui/useTellFailure.ts";

type ConnectionMenuProps = { connection: Connection; onEdit(): void };

export function ConnectionMenu({ connection, onEdit }: ConnectionMenuProps) {
  const { t } = useTranslation("connections");
  const actions = useConnectionActions(connection);
  return (
    <Menu
      trigger={<IconButton icon={Ellipsis} label={t("menu.of", { name: connection.name })} size="small" />}
      entries={[
        { label: t("menu.test"), icon: CircleCheckBig, onSelect: actions.test },
        { label: t("menu.edit"), icon: Pencil, onSelect: onEdit },
        "separator",
        { label: t("menu.delete"), icon: Trash2, danger: true, onSelect: () => void actions.remove() },
      ]}
    />
  );
}

export function useConnectionActions({ id, name }: Pick<Connection, "id" | "name">) {
  const { t } = useTranslation("connections");
  const tellFailure = useTellFailure();
  const said = useSaid();
  const test = useTestConnection();
  const remove = useDeleteConnection();
  const authorize = useAuthorizeConnection();
  return {
    isTesting: test.isPending,
    test: () =>
      test.mutate(id, {
        onSuccess: ({ ok, code = "", message, messageParts, remedy = "" }) => {
          const { text, isTranslated } = said(message, messageParts);
          if (ok) toast.success(t("done.good", { name }), { detail: isTranslated ? text : inEnglish(text) });
          else
            toast.failure(t("done.failing", { name }), {
              detail: [errorTitle(code, t as TFunction) ?? "", inEnglish(`${message} ${remedy}`.trim())]
                .filter(Boolean)
                .join(": "),
            });
        },
        onError: tellFailure,
      }),
    /** Leaves the app for the service, which sends the person back. */
    connect: () =>
      authorize.mutate(id, { onSuccess: ({ url }) => window.location.assign(url), onError: tellFailure }),
    remove: async (onGone?: () => void) => {
      const question = { title: t("delete.title", { name }), action: t("delete.action"), danger: true };
      if (!(await confirm({ ...question, description: t("delete.text") }))) return;
      try {
        await remove.mutateAsync({ id, force: false, onGone });
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== "CONNECTION_USED") {
          tellFailure(error);
          return;
        }
        const description = `${error.message} ${t("delete.usedText")}`;
        if (!(await confirm({ ...question, description, action: t("delete.usedAction") }))) return;
        try {
          await remove.mutateAsync({ id, force: true, onGone });
        } catch (still) {
          tellFailure(still);
          return;
        }
      }
      toast.success(t("done.deleted", { name }));
    },
  };
}
