// The key that this person signed in with. Kept in memory, and where the person chose to: for this tab
// (sessionStorage) or for this device (localStorage). Signing out forgets it everywhere.
import { useSyncExternalStore } from "react";

export type SignOutReason = "asked" | "refused";
export type Keeping = "tab" | "device";

const NAME = "auraos.key";
const listeners = new Set<() => void>();
let key: string | null = storedKey();
let reason: SignOutReason | null = null;

// Who signs out in one tab of a device means all of them.
globalThis.addEventListener?.("storage", ({ key: name, newValue, storageArea }: StorageEvent) => {
  const isSignedOutElsewhere = name === NAME && newValue === null && storageArea === localStorage;
  if (isSignedOutElsewhere && read("sessionStorage") === null) signOut("asked");
});

export function currentKey(): string | null {
  return key;
}

export function whereKeyIsKept(): Keeping {
  return read("localStorage") === null ? "tab" : "device";
}

export function signIn(newKey: string, keeping: Keeping): void {
  key = newKey;
  reason = null;
  forget();
  try {
    (keeping === "device" ? localStorage : sessionStorage).setItem(NAME, newKey);
  } catch {
    // Storage may be full or forbidden: the key then lives as long as the page.
  }
  tell();
}

export function signOut(why: SignOutReason): void {
  if (key === null) return;
  key = null;
  reason = why;
  forget();
  tell();
}

export function signOutReason(): SignOutReason | null {
  return reason;
}

export function onSessionChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useKey(): string | null {
  return useSyncExternalStore(onSessionChange, currentKey);
}

function tell(): void {
  for (const listener of listeners) listener();
}

function storedKey(): string | null {
  return read("sessionStorage") ?? read("localStorage");
}

/** Where storage is forbidden, already naming it throws. */
function read(storage: "localStorage" | "sessionStorage"): string | null {
  try {
    return globalThis[storage].getItem(NAME);
  } catch {
    return null;
  }
}

function forget(): void {
  for (const storage of ["sessionStorage", "localStorage"] as const) {
    try {
      globalThis[storage].removeItem(NAME);
    } catch {
      // Nothing was stored there.
    }
  }
}
