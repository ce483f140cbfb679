// Passkeys: what the server offers is handed to the browser, what the browser signed goes back. The browser itself knows
// both shapes as JSON.
import { request } from "./api/request.ts";

export const canUsePasskeys = () =>
  "PublicKeyCredential" in globalThis && "parseRequestOptionsFromJSON" in PublicKeyCredential;

/** Browsers refuse passkeys to a bare address such as 127.0.0.1. */
export const hasPasskeyName = () => !/^[\d.]+$|^\[/.test(window.location.hostname);

/** False when the person called it off. */
export async function signInWithPasskey(): Promise<boolean> {
  const offered = await request("get /api/v1/auth/sign-in/passkey");
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(offered as never);
  const credential = await asked(() => navigator.credentials.get({ publicKey }));
  if (credential === null) return false;
  await request("post /api/v1/auth/sign-in/passkey", { body: { response: jsonOf(credential) } });
  return true;
}

/** False when the person called it off. */
export async function addPasskey(name: string): Promise<boolean> {
  const offered = await request("get /api/v1/auth/passkeys/options");
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(offered as never);
  const credential = await asked(() => navigator.credentials.create({ publicKey }));
  if (credential === null) return false;
  await request("post /api/v1/auth/passkeys", { body: { response: jsonOf(credential), name } });
  return true;
}

async function asked(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential | null> {
  try {
    return (await ask()) as PublicKeyCredential | null;
  } catch (error) {
    if (error instanceof DOMException && ["NotAllowedError", "AbortError"].includes(error.name)) return null;
    throw error;
  }
}

function jsonOf(credential: PublicKeyCredential): Record<string, unknown> {
  return credential.toJSON() as unknown as Record<string, unknown>;
}
