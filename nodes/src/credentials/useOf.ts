// Where an HTTP address leads, as the rules for connections want to know it.
import type { CredentialUse } from "./defineCredential.ts";

export function useOf(address: string): CredentialUse & { port: number } {
  const { hostname, port, protocol } = new URL(address);
  return { host: hostname, port: port === "" ? (protocol === "http:" ? 80 : 443) : Number(port) };
}
