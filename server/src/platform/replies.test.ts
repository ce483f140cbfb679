// Every answer of a test's server is held against the contract (`checkReplies`): that this finds what it should.
import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import { endpoints } from "@auraos/contract";
import express from "express";
import { nobody } from "./caller.ts";
import { mount, route } from "./http.ts";

let json: unknown;
const app = express();
mount(
  app,
  [route(endpoints.alertSigning, () => ({ json })), route(endpoints.listAlertRules, () => ({ json }))],
  {
    authorise: () => ({ ...nobody, role: "owner", actions: new Set(["stats.read"]) }) as never,
    ...{ log: () => {}, count: () => {}, bodyBytesMax: () => 1000, checkReplies: true },
  },
);
const server = app.listen(0, "127.0.0.1");
after(() => server.close());
await new Promise((resolve) => server.once("listening", resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

async function statusOf(path: string, answer: unknown): Promise<number> {
  json = answer;
  return (await fetch(url + path)).status;
}

test("an answer with a field that its contract does not list is refused, however deep it stands", async () => {
  const signing = { hint: "abcd", createdAt: null, createdBy: null };
  const path = "/api/v1/alerts/signing";
  assert.equal(await statusOf(path, signing), 200);
  assert.equal(await statusOf(path, { ...signing, secret: "whsec_..." }), 500);
  assert.equal(await statusOf(path, { hint: 1, createdAt: null, createdBy: null }), 500);

  const at = "2026-01-01T00:00:00.000Z";
  const id = "01900000-0000-7000-8000-000000000000";
  const rule = {
    ...{
      id,
      name: "r",
      severity: "info",
      enabled: true,
      trouble: null,
      troubleParts: null,
      open: 0,
      etag: '"1"',
    },
    ...{ checkedAt: null, createdAt: at, updatedAt: at },
    condition: { kind: "waitingApproval", afterMinutes: 5 },
  };
  const channel = { kind: "webhook", id, host: "hooks.example.com" };
  const rules = (one: object) => ({ items: [{ ...rule, channels: [one] }] });
  assert.equal(await statusOf("/api/v1/alerts/rules", rules(channel)), 200);
  assert.equal(
    await statusOf("/api/v1/alerts/rules", rules({ ...channel, url: "https://hooks.example.com/s3cret" })),
    500,
  );
});
