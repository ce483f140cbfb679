// Runs the command whose keys were pressed. Single letters stay silent while somebody types, and can be turned off in
// the settings, because dictation software and unsteady hands press them by accident (WCAG 2.1.4).
import { useEffect, useSyncExternalStore } from "react";
import { type Command, currentCommands } from "./commands.ts";

const SEQUENCE_MS = 1_200;
const NAME = "auraos.singleKeys";
const listeners = new Set<() => void>();
let hasSingleKeys = stored();

export function useShortcuts(): void {
  // The keyboard belongs to the document, not to a component.
  useEffect(() => {
    let before = { key: "", atMs: 0 };
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || event.repeat) return;
      const pressed = nameOf(event);
      const isCombined = event.ctrlKey || event.metaKey || event.altKey;
      if (!isCombined && (!hasSingleKeys || isTyping(event.target))) return;
      const inTime = event.timeStamp - before.atMs < SEQUENCE_MS;
      const found = find(pressed, inTime ? before.key : "");
      before = found ? { key: "", atMs: 0 } : { key: pressed, atMs: event.timeStamp };
      if (!found) return;
      event.preventDefault();
      found.run();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
}

export function useSingleKeys(): boolean {
  return useSyncExternalStore(subscribe, () => hasSingleKeys);
}

export function chooseSingleKeys(isOn: boolean): void {
  hasSingleKeys = isOn;
  try {
    if (isOn) localStorage.removeItem(NAME);
    else localStorage.setItem(NAME, "off");
  } catch {
    // Then it holds until the page is closed.
  }
  for (const listener of listeners) listener();
}

function find(pressed: string, before: string): Command | undefined {
  const commands = currentCommands();
  const sequence = before === "" ? undefined : commands.find(({ keys }) => keys === `${before} ${pressed}`);
  return sequence ?? commands.find(({ keys }) => keys === pressed);
}

function nameOf(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const isLetter = /^[a-z0-9]$/.test(key);
  const parts = [
    event.ctrlKey || event.metaKey ? "Mod" : "",
    event.altKey ? "Alt" : "",
    event.shiftKey && (isLetter || key.length > 1) ? "Shift" : "",
    event.ctrlKey || event.metaKey || event.altKey || event.shiftKey ? upper(key) : key,
  ];
  return parts.filter(Boolean).join("+");
}

function upper(key: string): string {
  return key.length === 1 ? key.toUpperCase() : key;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.matches("input:not([type=checkbox], [type=radio]), textarea, select, [role=textbox]") ||
      target.closest("[role=dialog], [role=alertdialog], [role=menu], [role=listbox]") !== null)
  );
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function stored(): boolean {
  try {
    return localStorage.getItem(NAME) !== "off";
  } catch {
    return true;
  }
}
