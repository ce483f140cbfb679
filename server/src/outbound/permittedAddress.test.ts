import assert from "node:assert/strict";
import { test } from "node:test";
import { ActivityError } from "@auraos/nodes/defineNode.ts";
import { createAddressRules } from "./addressRules.ts";
import { permittedAddress } from "./permittedAddress.ts";

const names: Record<string, string[]> = {
  "db.example": ["10.0.0.5", "93.184.216.34"],
  "inside.example": ["10.0.0.5"],
  "meta.example": ["169.254.169.254"],
};
const resolve = async (hostname: string) => {
  const found = names[hostname];
  if (!found) throw Object.assign(new Error("no such name"), { code: "ENOTFOUND" });
  return found.map((address) => ({ address }));
};
const ask = (host: string, port = 5432, allow: string[] = []) =>
  permittedAddress(createAddressRules(allow), host, port, resolve);

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    return String(await work);
  } catch (error) {
    if (!(error instanceof ActivityError)) throw error;
    assert.equal(error.failure.certainty, "notDone");
    return error.failure.code;
  }
}

test("gives an address that the rules permit, and no other", async () => {
  assert.equal(await ask("db.example"), "93.184.216.34");
  assert.equal(await ask("93.184.216.34"), "93.184.216.34");
  assert.equal(await codeOf(ask("inside.example")), "ADDRESS_REFUSED");
  assert.equal(await codeOf(ask("127.0.0.1")), "ADDRESS_REFUSED");
  assert.equal(await codeOf(ask("[::1]")), "ADDRESS_REFUSED");
  assert.equal(await codeOf(ask("meta.example", 80, ["169.254.0.0/16"])), "ADDRESS_REFUSED");
  assert.equal(await codeOf(ask("nowhere.example")), "DNS_FAILED");
});

test("lets pass what the operator named, at the named port only", async () => {
  assert.equal(await ask("inside.example", 5432, ["inside.example:5432"]), "10.0.0.5");
  assert.equal(await codeOf(ask("inside.example", 5433, ["inside.example:5432"])), "ADDRESS_REFUSED");
  assert.equal(await ask("127.0.0.1", 25, ["127.0.0.1"]), "127.0.0.1");
});
