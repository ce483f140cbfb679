// What the server itself connects to on behalf of its operator: the mail server and the identity provider of the settings.
// The same wall as for workflows, and beyond public addresses exactly these two, which workflows do not get thereby.
import type { HttpClient } from "@auraos/nodes";
import type { Settings } from "../platform/settings.ts";
import { createAddressRules } from "./addressRules.ts";
import { createHttpClient } from "./httpClient.ts";
import { permittedAddress } from "./permittedAddress.ts";

export type OperatorReach = {
  http: HttpClient;
  /** An address of the host to connect to, or a refusal. */
  addressOf(host: string, port: number): Promise<string>;
  close(): Promise<void>;
};

export function createOperatorReach(settings: Pick<Settings, "allowHosts" | "smtp" | "oidc">): OperatorReach {
  const { smtp, oidc } = settings;
  const issuer = oidc && new URL(oidc.issuer);
  const allow = [
    ...settings.allowHosts,
    ...(smtp === undefined ? [] : [entryOf(smtp.host, smtp.port)]),
    ...(issuer === undefined ? [] : [entryOf(issuer.hostname, portOf(issuer))]),
  ];
  const rules = createAddressRules(allow);
  const http = createHttpClient({ allow, timeoutMs: 15_000, responseBytesMax: 1_000_000 });
  return {
    http,
    addressOf: (host, port) => permittedAddress(rules, host, port),
    close: () => http.close(),
  };
}

function portOf({ port, protocol }: URL): number {
  return Number(port) || (protocol === "https:" ? 443 : 80);
}

function entryOf(host: string, port: number): string {
  const bare = host.replace(/^\[|\]$/g, "");
  return bare.includes(":") ? `[${bare}]:${port}` : `${bare}:${port}`;
}
