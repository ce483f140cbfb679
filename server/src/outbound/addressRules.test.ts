import assert from "node:assert/strict";
import { test } from "node:test";
import { createAddressRules } from "./addressRules.ts";

const refused = [
  "127.0.0.1",
  "127.255.255.254",
  "0.0.0.0",
  "0.1.2.3",
  "10.0.0.1",
  "10.255.255.255",
  "172.16.0.1",
  "172.31.255.255",
  "192.168.0.1",
  "169.254.0.1",
  "169.254.169.254",
  "169.254.170.2",
  "100.64.0.1",
  "100.100.100.200",
  "100.127.255.255",
  "168.63.129.16",
  "192.0.0.192",
  "192.0.2.1",
  "198.18.0.1",
  "198.51.100.1",
  "203.0.113.1",
  "224.0.0.1",
  "239.1.1.1",
  "240.0.0.1",
  "255.255.255.255",
  "192.88.99.1",
  "::",
  "::1",
  "::127.0.0.1",
  "::10.0.0.1",
  "::ffff:127.0.0.1",
  "::ffff:7f00:1",
  "::ffff:169.254.169.254",
  "::ffff:0:127.0.0.1",
  "64:ff9b::7f00:1",
  "64:ff9b::8.8.8.8",
  "64:ff9b:1::1",
  "2002:7f00:1::",
  "2002:a00:1::",
  "2001::1",
  "2001:db8::1",
  "3fff::1",
  "fe80::1",
  "fe80::1%eth0",
  "fec0::1",
  "fc00::1",
  "fd12:3456::1",
  "fd00:ec2::254",
  "ff02::1",
  "100::1",
  "5f00::1",
  "4000::1",
  "not an address",
  "",
];
const permitted = [
  "8.8.8.8",
  "1.1.1.1",
  "172.15.0.1",
  "172.32.0.1",
  "100.63.0.1",
  "100.128.0.1",
  "2606:4700::1111",
  "::ffff:8.8.8.8",
];

test("only public addresses are reachable by default", () => {
  const rules = createAddressRules([]);
  for (const address of refused) assert.equal(rules.permits("example.com", 80, address), false, address);
  for (const address of permitted) assert.equal(rules.permits("example.com", 80, address), true, address);
});

test("an entry opens exactly what it names", () => {
  const rules = createAddressRules([
    "Intranet.example",
    "printer:631",
    "10.1.0.0/16",
    "192.168.1.5:8080",
    "[fd00::1]:443",
    "fd01::/16",
    " ",
    "10.9.0.0/24:5432",
  ]);
  const cases: [string, number, string, boolean][] = [
    ["intranet.example", 80, "10.0.0.1", true],
    ["intranet.example.", 8443, "127.0.0.1", true],
    ["evil.intranet.example", 80, "10.0.0.1", false],
    ["printer", 631, "10.0.0.1", true],
    ["printer", 80, "10.0.0.1", false],
    ["anything", 80, "10.1.255.255", true],
    ["anything", 80, "::ffff:10.1.0.1", true],
    ["anything", 80, "10.2.0.0", false],
    ["anything", 8080, "192.168.1.5", true],
    ["anything", 80, "192.168.1.5", false],
    ["anything", 443, "fd00::1", true],
    ["anything", 443, "fd00::2", false],
    ["anything", 80, "fd01:2::3", true],
    ["anything", 5432, "10.9.0.77", true],
    ["anything", 5433, "10.9.0.77", false],
  ];
  for (const [host, port, address, expected] of cases) {
    assert.equal(rules.permits(host, port, address), expected, `${host}:${port} at ${address}`);
  }
  assert.deepEqual([...rules.ports].sort(), [443, 5432, 631, 8080]);
});

test("a network entry does not open the metadata service inside it, its own address does", () => {
  assert.equal(
    createAddressRules(["169.254.0.0/16", "0.0.0.0/0"]).permits("x", 80, "169.254.169.254"),
    false,
  );
  assert.equal(createAddressRules(["169.254.0.0/16"]).permits("x", 80, "169.254.1.1"), true);
  assert.equal(createAddressRules(["169.254.169.254"]).permits("x", 80, "169.254.169.254"), true);
});

test("a wrong entry is said at start", () => {
  for (const entry of ["10.0.0.0/33", "host:99999", "a b", "http://host", "host:port", "[fd00::1"]) {
    assert.throws(() => createAddressRules([entry]), /AURAOS_ALLOW_HOSTS/, entry);
  }
});
