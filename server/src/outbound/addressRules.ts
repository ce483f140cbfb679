// Which addresses outbound connections may reach.
//
// Invariant: an address passes only when it is public (allow-list by construction, so a range nobody thought of is
// refused), or when the operator named it in AURAOS_ALLOW_HOSTS. Metadata services of clouds hand out credentials,
// so a network entry that merely contains one does not open it; its exact address or name does.
import ipaddr from "ipaddr.js";

type Address = ReturnType<typeof ipaddr.process>;
type HostRule = { host: string; port: number | undefined };
type NetworkRule = { address: Address; bits: number; port: number | undefined };

export type AddressRules = {
  /** May a connection for `hostname:port` go to `address`? */
  permits(hostname: string, port: number, address: string): boolean;
  /** Ports some entry names: for all other ports the answer does not depend on the port. */
  ports: ReadonlySet<number>;
};

const metadataAddresses = new Set([
  "169.254.169.254",
  "169.254.170.2",
  "100.100.100.200",
  "168.63.129.16",
  "192.0.0.192",
  "fd00:ec2::254",
]);

/** `allow`: `host`, `host:port`, `address`, `address:port`, `[v6]:port`, `network/bits`, `network/bits:port`. */
export function createAddressRules(allow: readonly string[]): AddressRules {
  const hosts: HostRule[] = [];
  const networks: NetworkRule[] = [];
  for (const entry of allow.map((text) => text.trim()).filter((text) => text !== "")) {
    const rule = parseEntry(entry);
    if ("host" in rule) hosts.push(rule);
    else networks.push(rule);
  }
  const ports = new Set([...hosts, ...networks].flatMap((rule) => rule.port ?? []));

  return { permits, ports };

  function permits(hostname: string, port: number, text: string): boolean {
    const address = parseAddress(text);
    if (!address) return false;
    const isMetadata = metadataAddresses.has(address.toString());
    if (isPublic(address) && !isMetadata) return true;
    const name = bareName(hostname);
    if (hosts.some((rule) => rule.host === name && (rule.port === undefined || rule.port === port)))
      return true;
    return networks.some((rule) => {
      if (rule.port !== undefined && rule.port !== port) return false;
      if (isMetadata && rule.bits !== fullBits(address)) return false;
      return contains(rule, address);
    });
  }
}

/** Public = the unicast internet. Everything else (private, reserved, tunnelled, translated) is refused. */
function isPublic(address: Address): boolean {
  if (address.range() !== "unicast") return false;
  if (address.kind() === "ipv4") return true;
  // `unicast` is what ipaddr.js says of every IPv6 range it has no name for, such as `::127.0.0.1` or 64:ff9b:1::/48.
  // Global addresses are given out of 2000::/3 only.
  const first = address.toByteArray()[0] ?? 0;
  return first >= 0x20 && first <= 0x3f;
}

function contains(rule: NetworkRule, address: Address): boolean {
  if (rule.address.kind() !== address.kind()) return false;
  const left = rule.address.toByteArray();
  const right = address.toByteArray();
  for (let bit = 0; bit < rule.bits; bit += 1) {
    const mask = 0x80 >> (bit & 7);
    if (((left[bit >> 3] ?? 0) & mask) !== ((right[bit >> 3] ?? 0) & mask)) return false;
  }
  return true;
}

function parseAddress(text: string): Address | undefined {
  const bare = text.replace(/%.*$/, "");
  // `isValid` also takes `127.1` and `0x7f000001`; a resolver or a socket never says so, but no harm if it did.
  return ipaddr.isValid(bare) ? ipaddr.process(bare) : undefined;
}

function parseEntry(entry: string): HostRule | NetworkRule {
  const network = /^\[?([0-9a-f.:]+)\]?\/(\d{1,3})(?::(\d+))?$/i.exec(entry);
  if (network) {
    const [, text = "", bitsText = "", portText] = network;
    const address = parseAddress(text);
    const bits = Number(bitsText);
    if (!address || bits > fullBits(address)) throw badEntry(entry);
    return { address, bits, port: parsePort(entry, portText) };
  }
  const isBareV6 = !entry.startsWith("[") && entry.split(":").length > 2;
  const parts = isBareV6 ? null : /^(\[[^\]]+\]|[^:[\]/\s]+)(?::(\d+))?$/.exec(entry);
  const text = isBareV6 ? entry : parts?.[1];
  if (!text) throw badEntry(entry);
  const port = parsePort(entry, parts?.[2]);
  const address = parseAddress(text.replace(/^\[|\]$/g, ""));
  if (address) return { address, bits: fullBits(address), port };
  const name = URL.parse(`http://${text}/`)?.hostname;
  if (!name) throw badEntry(entry);
  return { host: bareName(name), port };
}

function parsePort(entry: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (port < 1 || port > 65_535) throw badEntry(entry);
  return port;
}

function badEntry(entry: string): Error {
  return new Error(
    `AURAOS_ALLOW_HOSTS: "${entry}" is none of host, host:port, address, address:port, [v6 address]:port, network/bits.`,
  );
}

function bareName(hostname: string): string {
  return hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "");
}

function fullBits(address: Address): number {
  return address.kind() === "ipv4" ? 32 : 128;
}
