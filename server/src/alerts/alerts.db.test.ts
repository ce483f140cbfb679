// Alerts from the finding to the person who is told, and what holds automations within bounds.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createServer, type Socket } from "node:net";
import { after, test } from "node:test";
import { openPool, type Pool } from "../platform/db.ts";
import { runningServer, until } from "../testing/runningServer.ts";
import { signingSecret } from "./sign.ts";

type Told = {
  type: string;
  alert: { title: string; status: string };
  id: string | undefined;
  isSigned: (secret: string) => boolean;
};
const told: Told[] = [];
let isDown = true;
const receiver = createHttpServer((request, response) => {
  let body = "";
  request.on("data", (chunk: Buffer) => {
    body += chunk.toString();
  });
  request.on("end", () => {
    const id = request.headers["webhook-id"];
    const { "webhook-timestamp": time, "webhook-signature": signature } = request.headers;
    // As the specification says it: the key is what stands in base64 after whsec_.
    const isSigned = (secret: string) => {
      const key = Buffer.from(secret.slice("whsec_".length), "base64");
      const wanted = createHmac("sha256", key).update(`${id}.${time}.${body}`).digest("base64");
      return signature === `v1,${wanted}` && Math.abs(Date.now() / 1000 - Number(time)) < 300;
    };
    told.push({ ...(JSON.parse(body) as Told), id: String(id), isSigned });
    response.writeHead(isDown ? 503 : 204).end();
  });
});
receiver.listen(0, "127.0.0.1");
await once(receiver, "listening");
const port = (receiver.address() as AddressInfo).port;
const letters: string[] = [];
const mails = createServer((socket) => takeMail(socket));
mails.listen(0, "127.0.0.1");
await once(mails, "listening");
let database: Pool | undefined;
after(async () => {
  receiver.close();
  mails.close();
  await database?.end();
});
const server = await runningServer(
  { after },
  {
    AURAOS_ALLOW_HOSTS: `127.0.0.1:${port}`,
    AURAOS_SMTP_URL: `smtp+insecure://127.0.0.1:${(mails.address() as AddressInfo).port}`,
    AURAOS_MAIL_FROM: "auraos@example.com",
  },
);
database = openPool(server.database.url, { role: "auraos_owner", name: "test", max: 2 });
const query = (text: string, values: unknown[] = []) => (database as Pool).query(text, values);
const call = (method: string, at: string, body?: unknown, headers?: Record<string, string>) =>
  server.call(method, at, body, headers);

type Alert = {
  id: string;
  status: string;
  title: string;
  detail: string;
  ruleName: string;
  deliveries: { state: string }[];
};

async function workflow(name: string, last: object): Promise<string> {
  const nodes = [
    { id: "start", type: "trigger.manual", config: {} },
    { id: "last", ...last },
  ];
  const connections = [{ from: "start", to: "last" }];
  const { status, json, text } = await call("POST", "/api/v1/workflows", { name, nodes, connections });
  assert.equal(status, 201, text);
  return json.id as string;
}

async function run(name: string, status = 200): Promise<Record<string, unknown>> {
  const reply = await call("POST", `/api/v1/workflows/${name}/execute?wait=10`, {});
  assert.equal(reply.status, status, reply.text);
  return reply.json;
}

async function rule(body: Record<string, unknown>) {
  const reply = await call("POST", "/api/v1/alerts/rules", body);
  assert.equal(reply.status, 201, reply.text);
  return reply.json;
}

async function alertsOf(name: string): Promise<Alert[]> {
  const { json } = await call("GET", "/api/v1/alerts");
  return json.items.filter((one: Alert) => one.ruleName === name) as Alert[];
}

test("a workflow that fails opens one alert, tells by webhook and mail, and is resolved when it is well again", async () => {
  const id = await workflow("shaky", { type: "if", config: { condition: "{{ $json.ok }}" } });
  const condition = { kind: "failureRate", workflow: id, percent: 50, executionsMin: 2, withinMinutes: 60 };
  const channels = [
    { kind: "webhook", url: `http://127.0.0.1:${port}/told?token=secret` },
    { kind: "email", to: "ann@example.com" },
  ];
  const made = await rule({ name: "failures", severity: "critical", condition, channels });
  assert.deepEqual((await call("POST", "/api/v1/alerts/check")).json, { opened: 0, resolved: 0 });
  await query(
    `INSERT INTO workflow_executions (id, workflow_id, org_id, env_id, version_id, status, started_at, completed_at, error_code)
     SELECT gen_random_uuid(), w.id, w.org_id, (SELECT id FROM environments LIMIT 1), w.published_version_id, 'failed', now(), now(), 'BOOM'
     FROM workflows w, generate_series(1, 3) WHERE w.id = $1`,
    [id],
  );
  assert.deepEqual((await call("POST", "/api/v1/alerts/check")).json, { opened: 1, resolved: 0 });
  assert.deepEqual((await call("POST", "/api/v1/alerts/check")).json, { opened: 0, resolved: 0 });
  const [alert] = await alertsOf("failures");
  assert.match(alert?.title ?? "", /"shaky" fails: 3 of 3/);
  assert.match(alert?.detail ?? "", /BOOM/);
  await until(async () => told.length > 0 && letters.length > 0);
  assert.match(letters[0] ?? "", /Subject: .*shaky.*fails/);
  const { rows } = await query("SELECT state, attempts FROM alert_deliveries WHERE channel LIKE '%webhook%'");
  assert.equal(rows[0].state, "pending", "the receiver was down, so it is tried again");
  isDown = false;
  await query("UPDATE alert_deliveries SET next_at = now()");
  await until(async () => (await alertsOf("failures"))[0]?.deliveries.every(({ state }) => state === "sent"));
  assert.equal(
    new Set(told.map(({ id: messageId }) => messageId)).size,
    1,
    "the same message has the same id",
  );
  assert.deepEqual((await call("GET", "/api/v1/alerts/signing")).json, {
    ...{ hint: null, createdAt: null, createdBy: null },
  });
  const { stateKey, firstOrgId } = server.running.deps;
  const secret = signingSecret(stateKey, firstOrgId);
  assert.ok(told.every(({ isSigned }) => isSigned(secret)));
  assert.ok(!told[0]?.isSigned(`whsec_${Buffer.alloc(32).toString("base64")}`));
  const shown = await call("GET", `/api/v1/alerts/${alert?.id}`);
  assert.ok(!shown.text.includes("secret"), "the address of a webhook is not shown");

  const acknowledged = await call("POST", `/api/v1/alerts/${alert?.id}/acknowledge`);
  assert.equal(acknowledged.json.status, "acknowledged");
  assert.match(acknowledged.json.acknowledgedBy, /^key:/);
  await query("DELETE FROM workflow_executions WHERE workflow_id = $1", [id]);
  assert.deepEqual((await call("POST", "/api/v1/alerts/check")).json, { opened: 0, resolved: 1 });
  const [over] = await alertsOf("failures");
  assert.equal(over?.status, "resolved");
  assert.equal((await call("POST", `/api/v1/alerts/${alert?.id}/acknowledge`)).status, 409);
  await until(async () => told.some(({ type }) => type === "alert.resolved"));
  assert.equal(
    (await call("GET", "/api/v1/alerts/rules")).json.items.find((one: { id: string }) => one.id === made.id)
      .open,
    0,
  );
});

test("slow workflows, silent schedules, approvals that wait and credentials that expire are found", async () => {
  const slow = await workflow("slow", { type: "wait", config: { for: "duration", seconds: 1 } });
  await run("slow");
  await rule({
    name: "latency",
    condition: { kind: "latency", workflow: slow, seconds: 0.5, executionsMin: 1 },
  });
  await workflow("ask", { type: "approval", config: { title: "May I?" } });
  await call("POST", "/api/v1/workflows/ask/execute", {});
  await until(async () => (await query("SELECT 1 FROM waits WHERE kind = 'approval'")).rowCount === 1);
  await query("UPDATE waits SET opened_at = now() - interval '2 hours'");
  await rule({ name: "approvals", condition: { kind: "waitingApproval", afterMinutes: 60 } });
  const schedule = await call("POST", "/api/v1/schedules", {
    name: "hourly",
    workflow: "slow",
    cron: "0 * * * *",
  });
  await query("UPDATE schedules SET created_at = now() - interval '3 days' WHERE id = $1", [
    schedule.json.id,
  ]);
  await rule({
    name: "heartbeat",
    condition: { kind: "silentSchedule", schedule: schedule.json.id, afterMinutes: 90 },
  });
  // One that has ended has nothing left to be silent about.
  const over = { name: "over", workflow: "slow", cron: "0 * * * *" };
  const { json: ended } = await call("POST", "/api/v1/schedules", over);
  await query(
    "UPDATE schedules SET created_at = now() - interval '3 days', next_due = NULL, next_fire_at = NULL WHERE id = $1",
    [ended.id],
  );
  await rule({ name: "all heartbeats", condition: { kind: "silentSchedule", afterMinutes: 90 } });
  const expiresAt = new Date(Date.now() + 5 * 86_400_000).toISOString();
  const made = await call("POST", "/api/v1/connections", {
    name: "soon over",
    type: "http.bearer",
    values: { token: "abcdefgh" },
    hosts: ["api.example.com"],
    expiresAt,
  });
  assert.equal(made.status, 201, made.text);
  await rule({ name: "credentials", condition: { kind: "expiringCredential", withinDays: 14 } });
  await call("POST", "/api/v1/alerts/check");
  assert.match((await alertsOf("latency"))[0]?.title ?? "", /"slow" is slow/);
  assert.match((await alertsOf("approvals"))[0]?.title ?? "", /"May I\?" waits for an approval/);
  assert.match((await alertsOf("heartbeat"))[0]?.detail ?? "", /never succeeded/);
  const silent = (await alertsOf("all heartbeats")).map((one) => one.title);
  assert.deepEqual(silent, ['The schedule "hourly" is silent']);
  assert.match((await alertsOf("credentials"))[0]?.title ?? "", /"soon over" expires soon/);
  const { json } = await call("GET", "/api/v1/alerts/rules");
  assert.deepEqual(json.items.map((one: { trouble: string | null }) => one.trouble).filter(Boolean), []);
});

test("a connection that expires is an event, once at each step, and starts the workflow that listens for it", async () => {
  const listener = await call("POST", "/api/v1/workflows?publish=1", {
    name: "credentials end",
    nodes: [{ id: "on", type: "trigger.event", config: { types: ["auraos.credential.*"] } }],
    connections: [],
  });
  assert.equal(listener.status, 201, listener.text);
  const { expiry } = server.running.deps;
  assert.equal(await expiry.look(), 1);
  assert.equal(await expiry.look(), 0);
  await query("UPDATE connections SET expires_at = now() + interval '12 hours', reconnect_since = now()");
  assert.equal(await expiry.look(), 2);
  const ended = async () =>
    (await call("GET", `/api/v1/executions?workflow=${listener.json.id}&status=succeeded`)).json.items;
  await until(async () => (await ended()).length === 3);
  const { output } = (await call("GET", `/api/v1/executions/${(await ended())[2].id}`)).json;
  assert.deepEqual([output.type, output.data.connection], ["auraos.credential.expiring", "soon over"]);
});

test("a rule is refused with its place, and changed only by who has read it", async () => {
  const wrong = await call("POST", "/api/v1/alerts/rules", {
    name: "x",
    condition: { kind: "failureRate", percent: 0 },
  });
  assert.deepEqual([wrong.status, wrong.json.problems[0].path], [400, "/condition/percent"]);
  const made = await rule({ name: "mine", condition: { kind: "waitingApproval" } });
  const taken = await call("POST", "/api/v1/alerts/rules", {
    name: "mine",
    condition: { kind: "waitingApproval" },
  });
  assert.deepEqual([taken.status, taken.json.code], [409, "NAME_TAKEN"]);
  const body = { name: "mine", enabled: false, condition: { kind: "waitingApproval", afterMinutes: 5 } };
  const changed = await call("PUT", `/api/v1/alerts/rules/${made.id}`, body, { "if-match": made.etag });
  assert.equal(changed.json.enabled, false);
  const stale = await call("PUT", `/api/v1/alerts/rules/${made.id}`, body, { "if-match": made.etag });
  assert.deepEqual([stale.status, stale.json.code], [409, "RULE_CHANGED"]);
  assert.equal((await call("DELETE", `/api/v1/alerts/rules/${made.id}`)).status, 204);
});

test("limits of a workflow: rate, day and queue refuse clearly, and are counted again after a restart", async () => {
  const id = await workflow("limited", { type: "noop", config: {} });
  const limits = (body: object) => call("PUT", `/api/v1/workflows/${id}/limits`, body);
  assert.equal((await limits({ rate: { count: 2, seconds: 3_600 } })).status, 200);
  await run("limited");
  await run("limited");
  const rate = await run("limited", 429);
  assert.equal(rate.code, "RATE_LIMIT");
  assert.match(String(rate.remedy), /Try again at 20/);
  await server.restart();
  assert.equal((await run("limited", 429)).code, "RATE_LIMIT");
  await limits({ dailyMax: 2 });
  assert.equal((await run("limited", 429)).code, "DAILY_LIMIT");
  await limits({ dailyMax: 3 });
  await run("limited");
  assert.equal((await run("limited", 429)).code, "DAILY_LIMIT");
  await limits({});
  await run("limited");
  const waiting = await workflow("waiting", { type: "wait", config: { for: "duration", seconds: 600 } });
  await call("PUT", `/api/v1/workflows/${waiting}/limits`, { openMax: 1 });
  await call("POST", "/api/v1/workflows/waiting/execute", {});
  await until(async () => (await call("GET", `/api/v1/workflows/${waiting}/limits`)).json.open === 1);
  assert.equal((await run("waiting", 429)).code, "QUEUE_LIMIT");
});

test("limits hold for starts that come at the same moment", async () => {
  const once = async (name: string, body: object, step: object) => {
    const id = await workflow(name, step);
    await call("PUT", `/api/v1/workflows/${id}/limits`, body);
    const starts = Array.from({ length: 8 }, () => call("POST", `/api/v1/workflows/${name}/execute`, {}));
    const statuses = (await Promise.all(starts)).map(({ status }) => status);
    return statuses.filter((status) => status < 300).length;
  };
  const wait = { type: "wait", config: { for: "duration", seconds: 600 } };
  assert.equal(await once("daily", { dailyMax: 1 }, wait), 1);
  assert.equal(await once("rated", { rate: { count: 2, seconds: 3_600 } }, wait), 2);
  assert.equal(await once("open", { openMax: 3 }, wait), 3);
});

test("a sick workflow is paused by itself, says why, is an event, and goes on when a person resumes it", async () => {
  const id = await workflow("sick", { type: "stop", config: { message: "out of order" } });
  const listener = await call("POST", "/api/v1/workflows?publish=1", {
    name: "hears of sick ones",
    nodes: [{ id: "on", type: "trigger.event", config: { types: ["auraos.workflow.*"] } }],
    connections: [],
  });
  assert.equal(listener.status, 201, listener.text);
  await call("PUT", `/api/v1/workflows/${id}/limits`, { pauseAfterFailures: 2 });
  await run("sick");
  await run("sick");
  await until(async () => (await call("GET", `/api/v1/workflows/${id}/limits`)).json.paused === true);
  const { json: limited } = await call("GET", "/api/v1/limits");
  const sick = limited.items.find(({ workflowId }: { workflowId: string }) => workflowId === id);
  // That failures paused it, not a person, and since when.
  assert.equal(sick.failures, 2);
  assert.ok(Date.parse(sick.pausedAt) > 0, sick.pausedAt);
  // For readers of other languages too.
  const { code, parameters } = sick.pauseParts[0];
  assert.deepEqual([code, parameters.failures], ["workflow.sick", 2]);
  assert.ok(sick.pauseReason.endsWith(parameters.message), sick.pauseReason);
  const refused = await call("POST", "/api/v1/workflows/sick/execute", {});
  assert.equal(refused.json.code, "WORKFLOW_PAUSED");
  assert.match(refused.json.detail, /2 executions in a row failed; the last: out of order/);
  const told = async () =>
    (await call("GET", `/api/v1/executions?workflow=${listener.json.id}&status=succeeded`)).json.items;
  await until(async () => (await told()).length === 1);
  const { output } = (await call("GET", `/api/v1/executions/${(await told())[0].id}`)).json;
  assert.deepEqual([output.type, output.subject], ["auraos.workflow.paused", "sick"]);
  assert.deepEqual([output.data.workflowId, output.data.failures], [id, 2]);
  assert.match(output.data.reason, /out of order/);
  assert.equal((await call("GET", `/api/v1/executions/${output.data.executionId}`)).json.status, "failed");
  await call("PUT", `/api/v1/workflows/${id}/limits`, { pauseAfterFailures: 2, paused: false });
  assert.equal((await call("GET", `/api/v1/workflows/${id}/limits`)).json.pausedAt, null);
  await run("sick");
  // A pause of its own is another happening.
  await run("sick");
  await until(async () => (await told()).length === 2);
});

test("maintenance starts nothing and says so, and ends by itself", async () => {
  await workflow("calm", { type: "noop", config: {} });
  const on = await call("PUT", "/api/v1/maintenance", { isOn: true, reason: "new database", minutes: 30 });
  assert.equal(on.json.isOn, true);
  const refused = await call("POST", "/api/v1/workflows/calm/execute", {});
  assert.deepEqual([refused.status, refused.json.code], [503, "MAINTENANCE"]);
  assert.match(refused.json.detail, /new database/);
  const task = await call("POST", "/api/v1/tasks", {
    name: "patient",
    run: { kind: "workflow", workflow: "calm" },
  });
  const flow = await call("POST", `/api/v1/tasks/${task.json.id}/execute`, {});
  await query("UPDATE maintenance SET until_at = now() - interval '1 second'");
  assert.equal((await call("GET", "/api/v1/maintenance")).json.isOn, false);
  await call("PUT", "/api/v1/maintenance", { isOn: false });
  await until(
    async () => (await call("GET", `/api/v1/tasks/runs/${flow.json.runId}`)).json.status === "succeeded",
  );
  await run("calm");
});

/** A mail server that knows just enough. */
function takeMail(socket: Socket): void {
  let [pending, isData, letter] = ["", false, ""];
  const say = (line: string) => socket.write(`${line}\r\n`);
  socket.on("error", () => {});
  say("220 test");
  socket.on("data", (chunk) => {
    pending += chunk.toString("latin1");
    for (;;) {
      const end = pending.indexOf("\r\n");
      if (end < 0) return;
      const line = pending.slice(0, end);
      pending = pending.slice(end + 2);
      if (isData) {
        if (line === ".") {
          isData = false;
          letters.push(letter);
          say("250 taken");
        } else letter += `${line}\n`;
      } else if (/^EHLO/i.test(line)) say("250 test");
      else if (/^DATA/i.test(line)) {
        [isData, letter] = [true, ""];
        say("354 go on");
      } else if (/^QUIT/i.test(line)) {
        say("221 bye");
        socket.end();
      } else say("250 ok");
    }
  });
}
