// Stories of fields that a workflow calls sensitive: they are worked with, and stand in no row of the journal.
import assert from "node:assert/strict";
import { factsOf, finished, type Story, statusOf } from "./stories.ts";
import { type Call, type Life, until, type World } from "./world.ts";

const EMAIL = "ann@canary.example";
const CARD = 4_111_111_111_111_111;
const INPUT = inputOf(EMAIL);

function inputOf(email: string) {
  return { customer: { email, city: "Bergen" }, card: CARD, copy: email, text: "" };
}

function jsonOf(call: Pick<Call, "items"> | undefined): typeof INPUT {
  const json = call?.items[0]?.json;
  if (json === undefined) throw new Error("there was no such call");
  return json as typeof INPUT;
}

function workflow(world: World): void {
  const wait = { config: { for: "signal", signal: "go" } };
  world.workflow(
    "w",
    [
      ["t", "trigger.manual"],
      ["a", "work"],
      ["s", "wait", wait],
      ["b", "work", { join: "all" }],
    ],
    ["t > a", "a > s", "a > b", "s > b"],
    { sensitive: ["customer.email", "card"] },
  );
  world.acts.set("a", (call) => {
    const json = jsonOf(call);
    return {
      kind: "succeeded",
      outputs: { main: { items: [{ json: { ...json, text: `Hello ${json.customer.email}!`, n: 1 } }] } },
    };
  });
}

function assertHidden(lives: readonly Life[]): void {
  const rows = lives.flatMap(({ batches }) =>
    batches.flatMap((batch) => [
      ...batch.turns.map((row) => Buffer.from(row.body).toString()),
      ...batch.starts.map((row) => Buffer.from(row.input ?? []).toString()),
      ...batch.updates.map((row) => `${Buffer.from(row.output ?? []).toString()} ${row.errorMessage ?? ""}`),
    ]),
  );
  assert.ok(rows.some((row) => row.includes("$sealed")));
  for (const row of rows) for (const secret of [EMAIL, String(CARD)]) assert.ok(!row.includes(secret), row);
}

export const sensitive: Story[] = [
  {
    name: "sensitive fields are worked with over crashes and snapshots, and stand in no row",
    rules: "E sensitive",
    tell: async (world) => {
      workflow(world);
      const lives = [await world.lead({ snapshotFacts: 2 })];
      const id = await world.start(lives[0] as Life, "w", [INPUT]);
      await until("it waits", async () => (await statusOf(world, id)) === "waiting");
      await until("a snapshot", async () => (await world.store.load([id])).get(id)?.snapshot != null);
      const stored = (await world.store.load([id])).get(id);
      assert.ok(!Buffer.from(stored?.snapshot?.body ?? []).includes(EMAIL));
      (lives[0] as Life).kill();
      for (const snapshotFacts of [1000, 2]) {
        const life = await world.lead({ snapshotFacts });
        lives.push(life);
        if (snapshotFacts === 1000) {
          await life.engine.deliver(id, { type: "SignalReceived", name: "other", id: "s0", payload: null });
          life.kill();
          continue;
        }
        await life.engine.deliver(id, { type: "SignalReceived", name: "go", id: "s1", payload: null });
        const { status } = await finished(life, id);
        assert.equal(status, "succeeded");
      }
      const expected = { ...INPUT, text: `Hello ${EMAIL}!`, n: 1 };
      assert.deepEqual(jsonOf(world.calls.find((call) => call.node === "b")), expected);
      assert.ok(JSON.stringify(await factsOf(world, id)).includes(EMAIL), "whoever may read it reads it");
      assertHidden(lives);
    },
  },
  {
    name: "a failure that quotes a sensitive field does not show it, and one fork more has the real value",
    rules: "E sensitive",
    tell: async (world) => {
      workflow(world);
      world.acts.set("b", (call) => ({
        kind: "failed",
        failure: {
          code: "NO_MAILBOX",
          class: "client",
          message: `no mailbox ${jsonOf(call).customer.email}`,
        },
      }));
      const life = await world.lead();
      const id = await world.start(life, "w", [INPUT]);
      await until("it waits", async () => (await statusOf(world, id)) === "waiting");
      await life.engine.deliver(id, { type: "SignalReceived", name: "go", id: "s1", payload: null });
      assert.equal((await finished(life, id)).failure?.message, `no mailbox ${EMAIL}`);
      const last = life.batches.flatMap((batch) => batch.updates).findLast((row) => row.executionId === id);
      assert.equal(last?.errorMessage, "no mailbox [sensitive]");
      const forked = await life.engine.fork({ orgId: world.request("w").orgId, executionId: id, node: "b" });
      assert.ok(forked.kind === "started", JSON.stringify(forked));
      await finished(life, forked.executionId);
      const again = world.calls.findLast((call) => call.executionId === forked.executionId);
      assert.equal(jsonOf(again).customer.email, EMAIL);
      assertHidden([life]);
    },
  },
  {
    name: "many at once, each with its own, and a store of payloads that fails now and then",
    rules: "E sensitive",
    tell: async (world) => {
      workflow(world);
      const life = await world.lead();
      let puts = 0;
      world.onPut = () => {
        puts += 1;
        if (puts % 5 === 0) throw new Error("the disk is busy");
      };
      const ids = await Promise.all(
        Array.from({ length: 40 }, (_, n) => world.start(life, "w", [inputOf(`${n}.${EMAIL}`)])),
      );
      for (const id of ids)
        await life.engine.deliver(id, { type: "SignalReceived", name: "go", id: "s1", payload: null });
      for (const [n, id] of ids.entries()) {
        assert.equal((await finished(life, id, 60_000)).status, "succeeded");
        const call = world.calls.find((one) => one.node === "b" && one.executionId === id);
        assert.equal(jsonOf(call).text, `Hello ${n}.${EMAIL}!`);
      }
      assertHidden([life]);
    },
  },
];
