// Hidden fields on a running server: nothing that the API, the live stream or a file shows gives them away, the execution
// itself runs with them, and who looks behind a rule is written down.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { io } from "socket.io-client";
import { runningServer, until } from "../../testing/runningServer.ts";

const CARD = "4111-1111-2222-3333";
const EMAIL = "canary.person@example.com";

const server = await runningServer({ after });
const { call } = server;

/** Copies the card under another name, into a text, and fails with it. */
const workflow = (
  await call("POST", "/api/v1/workflows", {
    name: "Payments",
    nodes: [
      { id: "start", type: "trigger.manual", config: {} },
      {
        id: "copy",
        type: "set",
        config: {
          fields: {
            other: "{{ $json.customer.card }}",
            text: "Charged {{ $json.customer.card }} of {{ $json.customer.email }}",
            length: "{{ $json.customer.card.length }}",
          },
        },
      },
      { id: "wait", type: "wait", config: { for: "signal", signal: "go" } },
      {
        id: "fail",
        type: "stop",
        config: { message: "Refused: {{ $('copy').first().json.text }}", code: "REFUSED" },
      },
    ],
    connections: [
      { from: "start", to: "copy" },
      { from: "copy", to: "wait" },
      { from: "wait", to: "fail" },
    ],
  })
).json.id as string;

async function keyFor(role: string) {
  const { json } = await call("POST", "/api/v1/api-keys", { name: `${role} key`, role });
  return { authorization: `Bearer ${json.key}` };
}

const viewer = await keyFor("viewer");
const auditor = await keyFor("auditor");
const input = { customer: { card: CARD, email: EMAIL, city: "Bergen" }, amount: 12 };

async function start(): Promise<string> {
  const { json } = await call("POST", `/api/v1/workflows/${workflow}/execute?draft=true`, input);
  await until(async () => (await call("GET", `/api/v1/executions/${json.id}`)).json.status === "waiting");
  return json.id;
}

async function end(id: string) {
  await call("POST", `/api/v1/executions/${id}/signal`, { name: "go" });
  await until(async () => (await call("GET", `/api/v1/executions/${id}`)).json.status === "failed");
}

test("paths are tried on an item before anything is hidden", async () => {
  const { status, json } = await call("POST", "/api/v1/data-protection/redactions/preview", {
    json: input,
    rules: [{ path: "customer.card", mode: "mask" }, { path: "**.email" }],
  });
  assert.deepEqual(
    [status, json],
    [
      200,
      { json: { customer: { card: "••••3333", email: "[hidden]", city: "Bergen" }, amount: 12 }, hidden: 2 },
    ],
  );
  const wrong = await call("POST", "/api/v1/data-protection/redactions/preview", {
    json: {},
    rules: [{ path: "a..b" }],
  });
  assert.equal(wrong.status, 400);
});

test("no route and no stream shows a hidden field, under whatever name it stands", async (t) => {
  const running = await start();
  const rules = [];
  for (const path of ["customer.card", "**.email"])
    rules.push(
      (
        await call("POST", "/api/v1/data-protection/redactions", {
          workflowId: workflow,
          path,
          visibleTo: path === "customer.card" ? ["auditor"] : [],
        })
      ).json,
    );
  assert.deepEqual(
    rules.map(({ workflowName, visibleTo }) => [workflowName, visibleTo.length]),
    [
      ["Payments", 1],
      ["Payments", 0],
    ],
  );
  const again = await call("POST", "/api/v1/data-protection/redactions", {
    workflowId: workflow,
    path: "**.email",
  });
  assert.deepEqual([again.status, again.json.code], [409, "RULE_EXISTS"]);

  const heard: string[] = [];
  const socket = io(server.running.url, {
    auth: { key: viewer.authorization.slice("Bearer ".length) },
    transports: ["websocket"],
    forceNew: true,
  });
  t.after(() => void socket.close());
  socket.onAny((...message: unknown[]) => heard.push(JSON.stringify(message)));
  await new Promise<void>((resolve) => socket.on("connect", () => resolve()));
  await socket.emitWithAck("subscribe", { to: "execution", id: running });
  await end(running);
  await until(async () => heard.some((text) => text.includes("ExecutionFinished")));
  assert.ok(heard.some((text) => text.includes("REFUSED")));
  assert.ok(!heard.join().includes(CARD) && !heard.join().includes(EMAIL), "the live stream");

  const base = `/api/v1/executions/${running}`;
  const paths = [
    base,
    `${base}/input`,
    `${base}/output`,
    `${base}/timeline`,
    `${base}/turns?limit=500`,
    ...["start", "copy", "wait", "fail"].flatMap((node) => [
      `${base}/runs/${node}/data`,
      `${base}/runs/${node}/data?side=in`,
      `${base}/runs/${node}/attempts`,
    ]),
    "/api/v1/executions",
    "/api/v1/waits",
    "/api/v1/stats/failures",
    "/api/v1/events?limit=100",
  ];
  let shown = "";
  for (const path of paths) {
    const { status, text } = await call("GET", path, undefined, viewer);
    assert.ok(!text.includes(CARD) && !text.includes(EMAIL), `${path}: ${text.slice(0, 2000)}`);
    if (status === 200) shown += text;
  }
  assert.ok(shown.includes("Bergen") && shown.includes("Charged [hidden] of [hidden]"));
  // What nobody hid is as it is, also what was made of a hidden value.
  const { json: copied } = await call("GET", `${base}/runs/copy/data`, undefined, viewer);
  assert.equal(copied.items[0].json.length, CARD.length);

  const { text: asAuditor } = await call("GET", base, undefined, auditor);
  assert.ok(asAuditor.includes(CARD) && !asAuditor.includes(EMAIL), "one of the two is visible to auditors");
  const { text: asOwner } = await call("GET", base);
  assert.ok(!asOwner.includes(CARD), "the owner looks behind it, and is written down");
});

test("a search does not tell what is hidden", async () => {
  const found = async (search: string, headers?: Record<string, string>) =>
    (await call("GET", `/api/v1/executions?search=${encodeURIComponent(search)}`, undefined, headers)).json
      .items.length;
  assert.equal(await found(EMAIL, viewer), 0);
  assert.equal(await found(CARD, viewer), 0);
  assert.equal(await found("Payments", viewer), 1);
});

test("who waits for the answer gets no more than others", async () => {
  const simple = (
    await call("POST", "/api/v1/workflows", {
      name: "Echo",
      nodes: [{ id: "start", type: "trigger.manual", config: {} }],
      connections: [],
    })
  ).json.id;

  await call("POST", "/api/v1/data-protection/redactions", {
    workflowId: simple,
    path: "customer.card",
    mode: "mask",
  });
  const { json } = await call("POST", `/api/v1/workflows/${simple}/execute?wait=10&draft=true`, input);
  assert.equal(json.output.customer.card, "••••3333");
});

test("files of such an execution are not given out", async () => {
  const { deps } = server.running;
  const id = await start();
  const blob = await deps.blobs.forExecution({
    orgId: server.running.orgId,
    executionId: id,
    day: new Date().toISOString().slice(0, 10),
  });
  const file = await blob.put(Buffer.from(CARD), { name: "a.txt", mimeType: "text/plain" });
  const refused = await call("GET", `/api/v1/blobs/${file.blob}`, undefined, viewer);
  assert.deepEqual([refused.status, refused.json.code], [403, "FIELDS_HIDDEN"]);
});

test("a reveal shows everything, to who may, and is written down before", async () => {
  const { json: list } = await call("GET", `/api/v1/executions?workflow=${workflow}`);
  const id = list.items.at(-1).id as string;
  const path = `/api/v1/executions/${id}/reveal`;
  assert.equal((await call("POST", path, { reason: "curious" }, viewer)).status, 403);
  assert.equal((await call("POST", path, { reason: "" })).status, 400);
  const { status, json } = await call("POST", path, { reason: "ticket 17" });
  assert.equal(status, 200);
  assert.equal(json.input.customer.card, CARD);
  const { json: run } = await call("POST", path, { reason: "ticket 17", run: "copy" });
  assert.equal(run.outputs.main[0].other, CARD);
  const { json: reveals } = await call("GET", "/api/v1/data-protection/reveals", undefined, auditor);
  assert.deepEqual(
    reveals.items.map((one: { executionId: string; run: string | null; reason: string }) => [
      one.executionId,
      one.run,
      one.reason,
    ]),
    [
      [id, "copy", "ticket 17"],
      [id, null, "ticket 17"],
    ],
  );
  const { text: audit } = await call("GET", "/api/v1/audit?limit=100");
  assert.ok(audit.includes("/api/v1/executions/:id/reveal") && audit.includes("execution.reveal"));
  assert.ok(!audit.includes(CARD));
});

test("what runs is not touched, and without the rule everything is there again", async () => {
  const { json: rules } = await call("GET", "/api/v1/data-protection/redactions");
  for (const { id } of rules.items)
    assert.equal((await call("DELETE", `/api/v1/data-protection/redactions/${id}`)).status, 204);
  const { json: list } = await call("GET", `/api/v1/executions?workflow=${workflow}&status=failed`);
  const { json } = await call("GET", `/api/v1/executions/${list.items[0].id}`, undefined, viewer);
  assert.equal(json.input.customer.card, CARD);
  assert.match(json.failure.message, new RegExp(`Charged ${CARD} of ${EMAIL}`));
});
