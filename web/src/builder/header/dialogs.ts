// Which dialog of the builder is open; menus, keys and commands open them alike.
import { createContext, use } from "react";

export type DialogName =
  | "publish"
  | "versions"
  | "import"
  | "templates"
  | "settings"
  | "run"
  | "find"
  | "conflict";

export type Dialogs = { dialog: DialogName | null; open(name: DialogName): void; close(): void };

export const DialogsContext = createContext<Dialogs | null>(null);

export function useDialogs(): Dialogs {
  const dialogs = use(DialogsContext);
  if (!dialogs) throw new Error("Only inside of a DialogsContext.");
  return dialogs;
}
