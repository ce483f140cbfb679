// Which kind of connection: a list that says in one line what each is for.
import {
  Bot,
  Database,
  KeyRound,
  List,
  LogIn,
  type LucideIcon,
  Mail,
  Plug,
  Sparkles,
  UserRound,
} from "lucide-react";
import type { ConnectionType } from "../api/connections.ts";

/** Names that the server gives; an unknown one is a plug. */
const icons: Record<string, LucideIcon> = {
  bot: Bot,
  database: Database,
  "key-round": KeyRound,
  list: List,
  "log-in": LogIn,
  mail: Mail,
  sparkles: Sparkles,
  "user-round": UserRound,
};

type KindChoiceProps = { types: readonly ConnectionType[]; onChoose(type: string): void };

export function KindChoice({ types, onChoose }: KindChoiceProps) {
  return (
    <ul className="grid gap-1 sm:grid-cols-2">
      {types.map(({ type, name, description, icon }) => {
        const Icon = icons[icon] ?? Plug;
        return (
          <li key={type}>
            <button
              type="button"
              onClick={() => onChoose(type)}
              className="flex h-full w-full items-start gap-3 rounded-lg border border-line p-3 text-start hover:bg-hover"
            >
              <Icon aria-hidden className="mt-0.5 size-5 shrink-0 text-accent-text" />
              <span className="grid gap-0.5">
                <span className="font-medium text-sm">{name}</span>
                <span className="text-muted text-xs">{description}</span>
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
