// Whether a secret may be sent to a host. Fails closed: no rule, no host.
import type { CredentialUse } from "@auraos/nodes/credentials/defineCredential.ts";

/** `host` any port, `host:port` that one, `*.host` everything below it. */
export function mayGoTo(hosts: readonly string[], { host, port }: CredentialUse): boolean {
  const wanted = plain(host);
  return hosts.some((rule) => {
    const match = /^(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(rule);
    if (!match) return false;
    if (match[2] !== undefined && Number(match[2]) !== port) return false;
    const allowed = plain(match[1] ?? "");
    return allowed.startsWith("*.")
      ? wanted.endsWith(allowed.slice(1)) && wanted.length > allowed.length - 1
      : wanted === allowed;
  });
}

function plain(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "");
}
