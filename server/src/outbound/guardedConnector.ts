// Opens every outbound connection, and opens none to an address that the rules refuse.
//
// The check stands where the address is known for good: on the answers of the resolver, of which only permitted ones
// reach `connect`, on literal addresses (which no resolver sees), and once more on the address of the open socket.
// A name that resolves differently the second time (rebinding) therefore gains nothing, and because connections are
// checked rather than requests, a reused connection costs nothing.
import { type LookupAddress, type LookupOptions, lookup as systemLookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { buildConnector } from "undici";
import type { AddressRules } from "./addressRules.ts";

export type Resolve = (
  hostname: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** Passes through sockets and undici untouched, and is turned into a failure by `failures.ts`. */
export class AddressRefused extends Error {
  readonly code = "ADDRESS_REFUSED";
  readonly hostname: string;
  readonly port: number;
  constructor(hostname: string, port: number) {
    super(`${hostname} is not a public address.`);
    this.hostname = hostname;
    this.port = port;
  }
}

export function guardedConnector(
  rules: AddressRules,
  options: { resolve?: Resolve; connectTimeoutMs: number; certificates?: string[] },
): buildConnector.connector {
  const resolve: Resolve = options.resolve ?? systemLookup;
  // One connector per port that some rule names, and one for all other ports: a lookup is not told the port.
  const connectors = new Map<number, buildConnector.connector>();

  return (target, callback) => {
    const port = Number(target.port) || (target.protocol === "https:" ? 443 : 80);
    if (isIP(target.hostname) !== 0 && !rules.permits(target.hostname, port, target.hostname)) {
      callback(new AddressRefused(target.hostname, port), null);
      return;
    }
    connectorFor(port)(target, (...outcome) => {
      const [error, socket] = outcome;
      if (error) return callback(error, null);
      const address = socket.remoteAddress;
      if (address !== undefined && !rules.permits(target.hostname, port, address)) {
        socket.destroy();
        return callback(new AddressRefused(target.hostname, port), null);
      }
      callback(null, socket);
    });
  };

  function connectorFor(port: number): buildConnector.connector {
    const key = rules.ports.has(port) ? port : 0;
    const known = connectors.get(key);
    if (known) return known;
    const made = buildConnector({
      timeout: options.connectTimeoutMs,
      allowH2: false,
      autoSelectFamily: true,
      lookup: guardedLookup(port),
      ...(options.certificates ? { ca: options.certificates } : {}),
    });
    connectors.set(key, made);
    return made;
  }

  function guardedLookup(port: number): LookupFunction {
    return (hostname, lookupOptions, callback) => {
      resolve(hostname, { ...lookupOptions, all: true }, (error, addresses) => {
        if (error) return callback(error, []);
        const permitted = addresses.filter(({ address }) => rules.permits(hostname, port, address));
        const first = permitted[0];
        if (!first) return callback(new AddressRefused(hostname, port), []);
        if (lookupOptions.all) callback(null, permitted);
        else callback(null, first.address, first.family);
      });
    };
  }
}
