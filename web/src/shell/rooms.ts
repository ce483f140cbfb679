// The rooms of the app, in the order of the navigation. Only rooms that exist: a link never leads to a promise.
import { type LucideIcon, Settings, Workflow } from "lucide-react";
import { paths } from "../paths.ts";

export type Room = {
  /** Text key in shell/texts. */
  id: "home" | "workflows" | "executions" | "settings";
  to: string;
  icon: LucideIcon;
  keys: string;
};

export const rooms: readonly Room[] = [
  { id: "workflows", to: paths.workflows(), icon: Workflow, keys: "g w" },
  { id: "settings", to: paths.settings(), icon: Settings, keys: "g s" },
];
