// Who is at the other end: the address that limits count by and that sessions remember. It is the socket's, unless the
// socket belongs to a proxy that the operator named (AURAOS_TRUSTED_PROXIES): then it is the last entry of
// X-Forwarded-For that none of those proxies wrote. Anybody can send that header, so from anybody else it says nothing;
// X-Forwarded-Host and X-Forwarded-Proto are read from nobody.
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

const REMEMBERED_MAX = 10_000;
/** Of an IPv6 address with its zone or port. */
const ADDRESS_LENGTH_MAX = 64;

type Network = [ipaddr.IPv4 | ipaddr.IPv6, number];

export type ClientAddress = (request: IncomingMessage) => string;

/** `trusted`: addresses and networks, such as 127.0.0.1 or 10.0.0.0/8. Throws an Error that says which entry is wrong. */
export function createClientAddress(trusted: readonly string[]): ClientAddress {
  const networks = trusted.map(networkOf);
  return (request) => {
    const peer = bare(request.socket.remoteAddress ?? "");
    if (networks.length === 0 || !isTrusted(peer)) return peer;
    const header = request.headers["x-forwarded-for"];
    const hops = (Array.isArray(header) ? header.join(",") : (header ?? "")).split(",");
    // From the right: what stands left of the first stranger was written by that stranger.
    for (const hop of hops.reverse()) {
      const address = bare(hop.trim());
      if (address === "") return peer;
      if (!isTrusted(address)) return address;
    }
    return peer;
  };

  function isTrusted(text: string): boolean {
    if (isIP(text) === 0) return false;
    const address = ipaddr.process(text);
    return networks.some(([network, bits]) => {
      if (network.kind() !== address.kind()) return false;
      return address.kind() === "ipv4"
        ? (address as ipaddr.IPv4).match(network as ipaddr.IPv4, bits)
        : (address as ipaddr.IPv6).match(network as ipaddr.IPv6, bits);
    });
  }
}

/**
 * What counts as one client: an IPv6 customer has a whole /64, and would otherwise be as many clients as they like.
 */
export const clientKey = remembering((address: string): string => {
  if (isIP(address) === 0) return address;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === "ipv4") return parsed.toString();
  return `${(parsed as ipaddr.IPv6).parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(":")}::/64`;
});

/** One spelling for each address; "" for what is none. A port, which some proxies add to it, is dropped. */
const bare = remembering((text: string): string => {
  const [, inner] = /^\[([^\]]+)\](?::\d+)?$/.exec(text) ?? [];
  const plain = inner ?? (/^[\d.]+:\d+$/.test(text) ? text.slice(0, text.indexOf(":")) : text);
  return isIP(plain) !== 0 ? ipaddr.process(plain).toString() : "";
});

/** Addresses come again with every request of a connection, and reading one costs more than the rest of this file. */
function remembering(read: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const made = read(text);
    if (known.size >= REMEMBERED_MAX) known.clear();
    // What was made up in a header of any length is not kept.
    if (text.length <= ADDRESS_LENGTH_MAX) known.set(text, made);
    return made;
  };
}

function networkOf(entry: string): Network {
  try {
    if (isIP(entry.split("/")[0] ?? "") === 0) throw new Error("no address");
    if (entry.includes("/")) return ipaddr.parseCIDR(entry);
    const address = ipaddr.process(entry);
    return [address, address.kind() === "ipv4" ? 32 : 128];
  } catch {
    throw new Error(`"${entry}" is neither an address nor a network such as 10.0.0.0/8.`);
  }
}
