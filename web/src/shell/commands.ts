// What can be done right now, for the palette (Mod+K) and the shortcut sheet (?). A page adds its own while it is shown:
//   useCommands([{ id: "publish", label: t("publish"), group: "page", keys: "Mod+Enter", run: publish }])
// Keys: "Mod+K", "Shift+A", "?", or one after the other: "g w".
import type { LucideIcon } from "lucide-react";
import { useEffect, useSyncExternalStore } from "react";

export type CommandGroup = "page" | "go" | "do" | "appearance";

export type Command = {
  id: string;
  label: string;
  group: CommandGroup;
  icon?: LucideIcon;
  keys?: string;
  /** Further words that find it. */
  words?: string;
  run(): void;
};

const sets = new Map<symbol, readonly Command[]>();
const listeners = new Set<() => void>();
let all: readonly Command[] = [];

/** Later sets come first, and win where keys are the same: the page before the shell. */
export function useCommands(commands: readonly Command[]): void {
  // The palette lives elsewhere on the page; this is the announcement that these commands exist now.
  useEffect(() => {
    const name = Symbol("commands");
    change(() => sets.set(name, commands));
    return () => change(() => sets.delete(name));
  }, [commands]);
}

export function currentCommands(): readonly Command[] {
  return all;
}

export function useAllCommands(): readonly Command[] {
  return useSyncExternalStore(subscribe, currentCommands);
}

function change(edit: () => void): void {
  edit();
  all = [...sets.values()].reverse().flat();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
