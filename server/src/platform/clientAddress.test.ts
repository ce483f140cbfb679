import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { test } from "node:test";
import { clientKey, createClientAddress } from "./clientAddress.ts";

const from = (remoteAddress: string, forwarded?: string) =>
  ({
    socket: { remoteAddress },
    headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded, "x-real-ip": "203.0.113.99" },
  }) as unknown as IncomingMessage;

test("without trusted proxies a header says nothing", () => {
  const addressOf = createClientAddress([]);
  assert.equal(addressOf(from("198.51.100.7", "203.0.113.1")), "198.51.100.7");
  assert.equal(addressOf(from("::ffff:127.0.0.1", "203.0.113.1")), "127.0.0.1");
});

test("behind a trusted proxy the client is the last one that no proxy wrote", () => {
  const addressOf = createClientAddress(["127.0.0.1", "10.0.0.0/8", "fd00::/8"]);
  for (const [peer, header, client] of [
    ["127.0.0.1", "203.0.113.1", "203.0.113.1"],
    // What the client wrote itself stands left of what the proxy added.
    ["127.0.0.1", "1.2.3.4, 203.0.113.1", "203.0.113.1"],
    ["::ffff:10.1.2.3", "1.2.3.4, 203.0.113.1, 10.9.9.9", "203.0.113.1"],
    ["fd00::1", "2001:db8::5", "2001:db8::5"],
    ["127.0.0.1", "[2001:db8::5]:4711", "2001:db8::5"],
    ["127.0.0.1", "203.0.113.1:4711", "203.0.113.1"],
    // Nothing that is an address: the proxy itself is the client.
    ["127.0.0.1", "unknown", "127.0.0.1"],
    ["127.0.0.1", "", "127.0.0.1"],
    ["127.0.0.1", "10.0.0.1, 10.0.0.2", "127.0.0.1"],
    // Not from a proxy of ours.
    ["198.51.100.7", "203.0.113.1", "198.51.100.7"],
  ] as const)
    assert.equal(addressOf(from(peer, header)), client, `${peer} with ${header}`);
});

test("an IPv6 client is its network, an IPv4 client its address", () => {
  assert.equal(clientKey("2001:db8:1:2:aaaa::1"), clientKey("2001:db8:1:2:bbbb::9"));
  assert.notEqual(clientKey("2001:db8:1:2::1"), clientKey("2001:db8:1:3::1"));
  assert.equal(clientKey("::ffff:203.0.113.1"), "203.0.113.1");
});

test("a wrong entry is said at the start", () => {
  for (const entry of ["proxy.example", "10.0.0.0/99", "1.2.3"])
    assert.throws(() => createClientAddress([entry]), /neither an address nor a network/, entry);
});
