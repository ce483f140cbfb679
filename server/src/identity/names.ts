// Names that both better-auth and its surroundings use; apart from it, because it is loaded only when somebody signs in.
export const BASE_PATH = "/api/v1/auth";
/** Set by ask.ts from the socket; what a client sends under this name is dropped. */
export const ADDRESS_HEADER = "x-auraos-address";

export function sessionCookie(url: string): string {
  return url.startsWith("https:") ? "__Host-auraos.session" : "auraos.session";
}
