// Which of the shell's overlays is open. A store, because a button anywhere and a key may both open them.
import { useSyncExternalStore } from "react";

export type Overlay = "palette" | "shortcuts" | "navigation" | null;

const listeners = new Set<() => void>();
let open: Overlay = null;

export function openOverlay(overlay: Overlay): void {
  open = overlay;
  for (const listener of listeners) listener();
}

export function useOverlay(): Overlay {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => open,
  );
}
