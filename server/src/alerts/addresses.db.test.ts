// Addresses of webhooks and the secret of their signatures: given once, shown never again, found in no row, used all the same.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import { openPool, type Pool } from "../platform/db.ts";
import { runningServer, until } from "../testing/runningServer.ts";
import { sealOldAddresses } from "./sealOldAddresses.ts";

type Told = { path: string; type: string; isSigned: (secret: string) => boolean };
const told: Told[] = [];
let isDown = false;
const receiver = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk: Buffer) => {
    body += chunk.toString();
  });
  request.on("end", () => {
    const { "webhook-id": id, "webhook-timestamp": time, "webhook-signature": signature } = request.headers;
    const isSigned = (secret: string) => {
      const key = Buffer.from(secret.slice("whsec_".length), "base64");
      return signature === `v1,${createHmac("sha256", key).update(`${id}.${time}.${body}`).digest("base64")}`;
    };
    if (!isDown) told.push({ path: request.url ?? "", type: JSON.parse(body).type, isSigned });
    response.writeHead(isDown ? 503 : 204).end();
  });
});
receiver.listen(0, "127.0.0.1");
await once(receiver, "listening");
const host = `127.0.0.1:${(receiver.address() as AddressInfo).port}`;
let owner: Pool | undefined;
after(async () => {
  receiver.close();
  await owner?.end();
});
const server = await runningServer({ after }, { AURAOS_ALLOW_HOSTS: host });
owner = openPool(server.database.url, { role: "auraos_owner", name: "test", max: 2 });
const query = (text: string, values: unknown[] = []) => (owner as Pool).query(text, values);
const { call } = server;
const answers: string[] = [];

const CANARY = "canary-of-an-address-7Hq2";
const condition = { kind: "waitingApproval", afterMinutes: 60 };

async function kept(method: string, path: string, body?: unknown, headers?: Record<string, string>) {
  const reply = await call(method, path, body, headers);
  answers.push(reply.text);
  return reply;
}

/** An alert of the rule that is to be told, as if it had found something. */
async function found(ruleId: string): Promise<void> {
  const { rows } = await query("SELECT org_id, channels FROM alert_rules WHERE id = $1", [ruleId]);
  const { newId } = server.running.deps;
  const alertId = newId();
  await query(
    "INSERT INTO alerts (id, org_id, rule_id, key, title, detail) VALUES ($1, $2, $3, $1::uuid::text, 't', 'd')",
    [alertId, rows[0].org_id, ruleId],
  );
  for (const channel of JSON.parse(rows[0].channels))
    await query(
      "INSERT INTO alert_deliveries (id, org_id, alert_id, happening, channel) VALUES ($1, $2, $3, 'opened', $4)",
      [newId(), rows[0].org_id, alertId, JSON.stringify(channel)],
    );
  server.running.deps.alerts.tell();
}

const isTold = (path: string) => until(async () => told.some((one) => one.path === path));

test("an address goes in once: it is used, shows no more than its host, and stays by its id", async () => {
  const made = await kept("POST", "/api/v1/alerts/rules", {
    ...{ name: "sealed", condition },
    channels: [
      { kind: "webhook", url: `http://${host}/one?token=${CANARY}` },
      { kind: "webhook", url: `http://${host}/two/${CANARY}` },
    ],
  });
  assert.equal(made.status, 201, made.text);
  const [one, two] = made.json.channels;
  assert.deepEqual([one.host, two.host, Object.keys(one).sort()], [host, host, ["host", "id", "kind"]]);
  await found(made.json.id);
  await isTold(`/one?token=${CANARY}`);
  await isTold(`/two/${CANARY}`);

  // What was read is sent back, with another name: the addresses stay. Then one of them goes.
  const path = `/api/v1/alerts/rules/${made.json.id}`;
  const same = await kept("PUT", path, { name: "renamed", condition, channels: made.json.channels });
  assert.deepEqual(same.json.channels, made.json.channels);
  const less = await kept("PUT", path, { name: "renamed", condition, channels: [two] });
  assert.deepEqual(less.json.channels, [two]);
  const gone = await kept("PUT", path, { name: "renamed", condition, channels: [one] });
  assert.deepEqual(
    [gone.status, gone.json.code, gone.json.problems[0].path],
    [422, "ADDRESS_UNKNOWN", "/channels/0/id"],
  );
  for (const channel of [{ kind: "webhook" }, { ...two, url: `http://${host}/x` }])
    assert.equal((await kept("PUT", path, { name: "r", condition, channels: [channel] })).status, 400);
  assert.equal((await query("SELECT 1 FROM alert_addresses")).rowCount, 1);
});

test("an address of another rule, or of another organization, is none", async () => {
  const { json } = await kept("GET", "/api/v1/alerts/rules");
  const { id } = json.items.find((rule: { name: string }) => rule.name === "renamed").channels[0];
  const stolen = await kept("POST", "/api/v1/alerts/rules", {
    ...{ name: "thief", condition },
    channels: [{ kind: "webhook", id }],
  });
  assert.deepEqual([stolen.status, stolen.json.code], [422, "ADDRESS_UNKNOWN"]);
});

test("the secret of signatures is made anew, shown once, and used from then on, after a new key of the vault too", async () => {
  const made = await call("POST", "/api/v1/alerts/signing");
  assert.equal(made.status, 201, made.text);
  const { secret } = made.json as { secret: string };
  const shown = await kept("GET", "/api/v1/alerts/signing");
  assert.deepEqual([shown.json.hint, shown.json.secret], [secret.slice(-4), undefined]);
  const rotated = await kept("POST", "/api/v1/vault/rotate");
  assert.equal(rotated.json.keyVersion, 2, rotated.text);
  const { json } = await kept("GET", "/api/v1/alerts/rules");
  told.length = 0;
  await found(json.items.find((rule: { name: string }) => rule.name === "renamed").id);
  await isTold(`/two/${CANARY}`);
  assert.ok(told[0]?.isSigned(secret));
  const dump = await everything();
  assert.ok(!dump.includes(secret) && !dump.includes(secret.slice("whsec_".length)));
});

test("what was to be sent to an address that is gone is given up at once", async () => {
  isDown = true;
  const made = await kept("POST", "/api/v1/alerts/rules", {
    ...{ name: "leaked", condition },
    channels: [{ kind: "webhook", url: `http://${host}/leaked/${CANARY}` }],
  });
  await found(made.json.id);
  const state = async () =>
    (
      await query(
        `SELECT d.state, d.attempts, d.error FROM alert_deliveries d JOIN alerts a ON a.id = d.alert_id WHERE a.rule_id = $1`,
        [made.json.id],
      )
    ).rows[0];
  await until(async () => (await state()).attempts > 0);
  await kept("PUT", `/api/v1/alerts/rules/${made.json.id}`, { name: "leaked", condition, channels: [] });
  assert.deepEqual((await state()).state, "failed");
  assert.match((await state()).error, /does not tell this address/);
  isDown = false;
});

test("rows from before are sealed at the start, once, and told as before", async () => {
  const { orgId, deps } = server.running;
  const url = `http://${host}/old/${CANARY}`;
  const [rule, alert, sent] = [deps.newId(), deps.newId(), deps.newId()];
  const old = { kind: "webhook", url };
  await query(
    `INSERT INTO alert_rules (id, org_id, name, kind, severity, config, channels)
     VALUES ($1, $2, 'old', 'waitingApproval', 'info', $3, $4)`,
    [rule, orgId, JSON.stringify(condition), JSON.stringify([{ kind: "email", to: "a@b.example" }, old])],
  );
  await query(
    "INSERT INTO alerts (id, org_id, rule_id, key, title, detail) VALUES ($1, $2, $3, 'k', 't', 'd')",
    [alert, orgId, rule],
  );
  await query(
    `INSERT INTO alert_deliveries (id, org_id, alert_id, happening, channel, state) VALUES ($1, $2, $3, 'opened', $4, 'sent')`,
    [sent, orgId, alert, JSON.stringify(old)],
  );
  assert.ok((await everything()).includes(CANARY));
  await server.restart();
  assert.ok(!(await everything()).includes(CANARY));
  const { json } = await kept("GET", "/api/v1/alerts/rules");
  const shown = json.items.find((one: { id: string }) => one.id === rule);
  assert.deepEqual(
    shown.channels.map((one: { kind: string; host?: string }) => [one.kind, one.host]),
    [
      ["email", undefined],
      ["webhook", host],
    ],
  );
  const about = await kept("GET", `/api/v1/alerts/${alert}`);
  assert.equal(about.json.deliveries[0].channel, `webhook ${host}`);
  const { api, journal, vault, newId } = server.running.deps;
  assert.equal(await sealOldAddresses({ api, pool: journal, vault, newId }), 0, "nothing twice");
  await found(rule);
  await isTold(`/old/${CANARY}`);
});

test("no answer and no entry of the audit log has an address", async () => {
  const { text } = await call("GET", "/api/v1/audit?limit=200");
  for (const answer of [...answers, text]) assert.ok(!answer.includes(CANARY), answer);
});

/** Every row of every table, as a dump shows it. */
async function everything(): Promise<string> {
  const { rows: tables } = await query(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname IN ('public', 'auth')`,
  );
  const texts: string[] = [];
  for (const { name } of tables)
    for (const { text } of (await query(`SELECT t::text AS text FROM ${name} t`)).rows)
      texts.push(
        text,
        text.replace(/\\x((?:[0-9a-f]{2})+)/g, (_: string, hex: string) =>
          Buffer.from(hex, "hex").toString("latin1"),
        ),
      );
  return texts.join("\n");
}
