// Light, dark or as the system has it. The first paint is decided by public/appearance.js, with the same key.
import { useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark";

const NAME = "auraos.theme";
const listeners = new Set<() => void>();
const prefersDark = matchMedia("(prefers-color-scheme: dark)");
let theme: Theme = stored();

prefersDark.addEventListener("change", show);

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, () => theme);
}

export function chooseTheme(next: Theme): void {
  theme = next;
  try {
    if (next === "system") localStorage.removeItem(NAME);
    else localStorage.setItem(NAME, next);
  } catch {
    // Then it holds until the page is closed.
  }
  show();
}

function isDark(): boolean {
  return theme === "dark" || (theme === "system" && prefersDark.matches);
}

function show(): void {
  document.documentElement.dataset.theme = isDark() ? "dark" : "light";
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function stored(): Theme {
  try {
    const value = localStorage.getItem(NAME);
    return value === "light" || value === "dark" ? value : "system";
  } catch {
    return "system";
  }
}
