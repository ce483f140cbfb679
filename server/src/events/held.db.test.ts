// Whoever asks why an event is not given yet is told: by the API, for each that is held.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { runningServer, until } from "../testing/runningServer.ts";

const server = await runningServer({ after });
const { call } = server;

async function workflow(
  name: string,
  flow: Record<string, unknown>,
  steps: { id: string }[] = [],
): Promise<string> {
  const reply = await call("POST", "/api/v1/workflows?publish=1", {
    name,
    nodes: [
      {
        id: "on",
        type: "trigger.event",
        config: { types: [`${name}.x`], key: "{{ $json.data.k }}", ...flow },
      },
      ...steps,
    ],
    connections: steps.map(({ id }) => ({ from: "on", to: id })),
  });
  assert.equal(reply.status, 201, reply.text);
  return reply.json.id;
}

async function subscriptionOf(workflowId: string): Promise<string> {
  const { json } = await call("GET", `/api/v1/events/subscriptions?workflow=${workflowId}`);
  return json.items[0].id;
}

async function publish(name: string, ...keys: string[]): Promise<number[]> {
  const events = keys.map((k) => ({ source: `/${name}`, type: `${name}.x`, data: { k } }));
  const { status, json, text } = await call("POST", "/api/v1/events", events);
  assert.equal(status, 202, text);
  return json.items.map(({ position }: { position: number }) => position);
}

type Held = {
  position: number;
  code: string;
  key: string;
  until: string | null;
  executionId: string | null;
  behind: number | null;
  reason: string;
  refusal: { code: string; message: string } | null;
  batch: { count: number; size: number } | null;
};

const heldBy = async (subscription: string, query = ""): Promise<{ items: Held[]; next?: string }> => {
  const reply = await call("GET", `/api/v1/events/subscriptions/${subscription}/held${query}`);
  assert.equal(reply.status, 200, reply.text);
  return reply.json;
};
const codes = async (subscription: string, ...wanted: string[]): Promise<Held[]> =>
  until(async () => {
    const { items } = await heldBy(subscription);
    return items.map(({ code }) => code).join() === wanted.join() && items;
  });

test("in order: which execution is open, and which event comes first; page by page", async () => {
  const wait = { id: "wait", type: "wait", config: { for: "signal", signal: "go" } };
  const id = await workflow("ordered", { flow: "ordered" }, [wait]);
  const subscription = await subscriptionOf(id);
  const [first] = await publish("ordered", "ada", "ada", "bo");
  const [open, next, other] = await codes(subscription, "running", "behind", "running");
  assert.deepEqual([open?.key, next?.key, other?.key], ["ada", "ada", "bo"]);
  assert.deepEqual([next?.behind, next?.executionId], [first, open?.executionId]);
  const shown = await call("GET", `/api/v1/executions/${open?.executionId}`);
  assert.equal(shown.json.workflowId, id);
  const page = await heldBy(subscription, "?limit=2");
  const rest = await heldBy(subscription, `?limit=2&after=${page.next}`);
  assert.deepEqual(
    [...page.items, ...rest.items].map(({ position }) => position),
    [open?.position, next?.position, other?.position],
  );
  assert.equal(rest.next, undefined);
});

test("by its time: a batch that fills, a debounce, a throttle", async () => {
  const batch = await subscriptionOf(await workflow("batch", { flow: "batch", size: 5, waitSeconds: 3600 }));
  await publish("batch", "ada", "ada");
  const [filling] = await codes(batch, "filling", "filling");
  assert.deepEqual(filling?.batch, { count: 2, size: 5 });
  assert.match(filling?.reason ?? "", /2 of 5/);
  const quiet = await subscriptionOf(await workflow("quiet", { flow: "debounce", quietSeconds: 3600 }));
  await publish("quiet", "ada", "ada");
  const [last] = await codes(quiet, "quiet");
  assert.ok(Date.parse(last?.until ?? "") > Date.now());
  const slow = await subscriptionOf(await workflow("slow", { flow: "throttle", limit: 1, perSeconds: 3600 }));
  await publish("slow", "ada", "ada", "ada");
  const [soon, later] = await codes(slow, "rate", "rate");
  const apartMs = Date.parse(later?.until ?? "") - Date.parse(soon?.until ?? "");
  assert.equal(apartMs, 3_600_000);
});

test("a refusal of the start, in its own words; a pause before it", async () => {
  const id = await workflow("limited", {});
  const limited = await call("PUT", `/api/v1/workflows/${id}/limits`, { dailyMax: 1 });
  assert.ok(limited.status < 300, limited.text);
  const subscription = await subscriptionOf(id);
  await publish("limited", "ada");
  await until(async () => {
    const { json } = await call("GET", `/api/v1/executions?workflow=${id}`);
    return json.items.length === 1;
  });
  await publish("limited", "bo");
  const [held] = await until(async () => {
    const { items } = await heldBy(subscription);
    return items[0]?.refusal != null && items;
  });
  assert.match(held?.refusal?.code ?? "", /LIMIT/);
  assert.ok(held?.refusal && held.refusal.message !== "");
  await call("POST", `/api/v1/events/subscriptions/${subscription}/pause`);
  const [paused] = await codes(subscription, "paused");
  assert.equal(paused?.refusal?.code, held?.refusal?.code);
});

test("of another organization, or none: not found; a cursor that is none: refused", async () => {
  const none = await call("GET", "/api/v1/events/subscriptions/00000000-0000-7000-8000-000000000000/held");
  assert.equal(none.status, 404);
  const subscription = await subscriptionOf(await workflow("cursor", {}));
  const wrong = await call("GET", `/api/v1/events/subscriptions/${subscription}/held?after=bm8`);
  assert.deepEqual([wrong.status, wrong.json.code], [400, "CURSOR_INVALID"]);
});
