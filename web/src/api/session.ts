// Who is signed in here, in one of two ways:
//   key      an API key, kept in memory and where the person chose: for this tab (sessionStorage) or device (localStorage)
//   person   a session whose cookie no script can read; this page keeps only that there is one, and which organization
// Signing out forgets both everywhere.
import { useSyncExternalStore } from "react";

export type SignOutReason = "asked" | "refused";
export type Keeping = "tab" | "device";
export type Session = { kind: "key"; key: string } | { kind: "person"; organization: string | null };

const NAME = "auraos.key";
const PERSON = "auraos.person";
const listeners = new Set<() => void>();
let session: Session | null = storedSession();
let reason: SignOutReason | null = null;

// Who signs out in one tab of a device means all of them.
globalThis.addEventListener?.("storage", ({ key: name, newValue, storageArea }: StorageEvent) => {
  if (newValue !== null || storageArea !== localStorage) return;
  const isKeyGone = name === NAME && session?.kind === "key" && read("sessionStorage", NAME) === null;
  const isPersonGone = name === PERSON && session?.kind === "person";
  if (isKeyGone || isPersonGone) forgetSession("asked");
});

export function currentSession(): Session | null {
  return session;
}

/** What a request carries to say who asks. The cookie of a person's session goes along by itself. */
export function sessionHeaders(): Record<string, string> {
  if (session?.kind === "key") return { authorization: `Bearer ${session.key}` };
  if (session?.kind === "person" && session.organization !== null)
    return { "X-Auraos-Organization": session.organization };
  return {};
}

export function whereKeyIsKept(): Keeping {
  return read("localStorage", NAME) === null ? "tab" : "device";
}

export function signIn(newKey: string, keeping: Keeping): void {
  begin({ kind: "key", key: newKey });
  write(keeping === "device" ? "localStorage" : "sessionStorage", NAME, newKey);
}

/** After the server has set the cookie. `organization` is the one to work in; null = there is none yet. */
export function signInAsPerson(organization: string | null): void {
  begin({ kind: "person", organization });
  write("localStorage", PERSON, organization ?? "");
}

export function signOut(why: SignOutReason): void {
  if (session?.kind === "person" && why === "asked") {
    // The cookie is the server's to take away. If it cannot be reached, the session ends by its age.
    void fetch("/api/v1/auth/sign-out", { method: "POST", keepalive: true }).catch(() => {});
  }
  forgetSession(why);
}

export function signOutReason(): SignOutReason | null {
  return reason;
}

export function onSessionChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useSession(): Session | null {
  return useSyncExternalStore(onSessionChange, currentSession);
}

function begin(next: Session): void {
  session = next;
  reason = null;
  forget();
  tell();
}

function forgetSession(why: SignOutReason): void {
  if (session === null) return;
  session = null;
  reason = why;
  forget();
  tell();
}

function tell(): void {
  for (const listener of listeners) listener();
}

function storedSession(): Session | null {
  const key = read("sessionStorage", NAME) ?? read("localStorage", NAME);
  if (key !== null) return { kind: "key", key };
  const organization = read("localStorage", PERSON);
  return organization === null ? null : { kind: "person", organization: organization || null };
}

/** Where storage is forbidden, already naming it throws. */
function read(storage: "localStorage" | "sessionStorage", name: string): string | null {
  try {
    return globalThis[storage].getItem(name);
  } catch {
    return null;
  }
}

function write(storage: "localStorage" | "sessionStorage", name: string, value: string): void {
  try {
    globalThis[storage].setItem(name, value);
  } catch {
    // Storage may be full or forbidden: what is signed in then lives as long as the page.
  }
}

function forget(): void {
  for (const storage of ["sessionStorage", "localStorage"] as const) {
    for (const name of [NAME, PERSON]) {
      try {
        globalThis[storage].removeItem(name);
      } catch {
        // Nothing was stored there.
      }
    }
  }
}
