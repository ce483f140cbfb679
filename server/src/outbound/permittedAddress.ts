// Where a host may be reached by services that do not speak HTTP: one address that the rules permit. Who connects goes
// to the address and not to the name, so a name that resolves differently the next time gains nothing.
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import type { AddressRules } from "./addressRules.ts";
import type { Call } from "./exchange.ts";
import { toOutboundError } from "./failures.ts";
import { AddressRefused } from "./guardedConnector.ts";

export type LookupAll = (hostname: string) => Promise<{ address: string }[]>;

export async function permittedAddress(
  rules: AddressRules,
  given: string,
  port: number,
  resolve: LookupAll = (hostname) => lookup(hostname, { all: true }),
): Promise<string> {
  const hostname = given.replace(/^\[|\]$/g, "");
  try {
    const found = isIP(hostname) === 0 ? await resolve(hostname) : [{ address: hostname }];
    const permitted = found.find(({ address }) => rules.permits(hostname, port, address));
    if (!permitted) throw new AddressRefused(hostname, port);
    return permitted.address;
  } catch (error) {
    throw toOutboundError(error, callTo(hostname));
  }
}

function callTo(host: string): Call {
  return { method: "CONNECT", host, started: false, answered: false, stop: undefined, ended: undefined };
}
