// Stories of crashes and of answers that never came: killed at any point, cut connections, outcomes nobody saw.
import assert from "node:assert/strict";
import { realKernel } from "../kernel.ts";
import { callsOf, effectsOf, factsOf, finished, gate, type Story, statusOf } from "./stories.ts";
import { type Life, until, type World } from "./world.ts";

/** A bit of everything: reads, effects, a wait, a child, an approval-free end with a known output. */
function everything(world: World): void {
  world.workflow(
    "child",
    [
      ["t", "trigger.manual"],
      ["c", "work"],
    ],
    ["t > c"],
  );
  world.workflow(
    "all",
    [
      ["t", "trigger.manual"],
      ["r", "read"],
      ["a", "work"],
      ["o", "once"],
      ["s", "wait", { config: { seconds: 0.05 } }],
      ["sub", "subworkflow", { config: { workflow: "child" } }],
      ["m", "mark", { join: "all" }],
    ],
    ["t > r", "r > a", "a > o", "o > s", "s > sub", "sub > m", "r > m"],
  );
}

const END = { mark: "marked", count: 2 };

/** After a crash only a `once` that was out may stand parked; a person says it was done. */
async function seeThrough(world: World, life: Life, id: string): Promise<void> {
  await until("it ends or waits for a person", async () => {
    const status = await statusOf(world, id);
    if (status === "waiting") {
      await life.engine.deliver(id, {
        type: "ParkResolved",
        run: "o",
        action: "output",
        output: { did: "o" },
      });
    }
    return status === "succeeded" || status === "failed";
  });
}

export const faults: Story[] = [
  {
    name: "killed at any flush, before or after its commit, everything goes on and nothing is done twice",
    rules: "A7a, A8, A12, C (sim)",
    tell: async (world) => {
      everything(world);
      const first = await world.lead();
      const whole = await world.start(first, "all");
      await finished(first, whole);
      const flushes = first.batches.length;
      assert.ok(flushes >= 8);
      first.kill();
      for (const fault of ["killBefore", "killAfter"] as const) {
        for (let at = 1; at <= flushes; at++) await crashAt(world, fault, at);
      }
    },
  },
  {
    name: "a `once` that was out at the crash is never sent again: a person or `confirm` decides, after the deadline",
    rules: "A7b, A7c (sim)",
    tell: async (world) => {
      world.workflow(
        "w",
        [
          ["t", "trigger.manual"],
          ["o", "once"],
        ],
        ["t > o"],
      );
      world.workflow(
        "q",
        [
          ["t", "trigger.manual"],
          ["o", "asked"],
          ["b", "mark"],
        ],
        ["t > o", "o > b"],
      );
      const life = await world.lead();
      const { promise } = gate<never>();
      world.acts.set("o", () => promise);
      const parked = await world.start(life, "w");
      const asked = await world.start(life, "q");
      await until("both are out", () => callsOf(world, "o") === 2);
      const intents = effectsOf([life], asked);
      assert.deepEqual(
        intents.map((row) => row.outcome),
        ["intended"],
      );
      assert.ok((intents[0]?.deadlineMs ?? 0) > Date.now());
      life.kill();

      const confirmedAt: number[] = [];
      world.acts.set("o", (call) => {
        assert.ok(call.confirm, "only the question may be sent");
        confirmedAt.push(Date.now());
        return { kind: "confirmed", outcome: "done", outputs: { main: { items: [{ json: 1 }] } } };
      });
      const next = await world.lead();
      assert.equal((await finished(next, asked)).status, "succeeded");
      assert.ok((confirmedAt[0] ?? 0) >= (intents[0]?.deadlineMs ?? 0) + 1_000);
      await until("it waits for a person", async () => (await statusOf(world, parked)) === "waiting");
      const facts = await factsOf(world, parked);
      assert.ok(facts.some((fact) => fact.t === "NodeParked" && fact.failure.code === "OUTCOME_UNKNOWN"));
      const deadline = facts.find((fact) => fact.t === "ActivityStarted")?.deadline ?? 0;
      const parkedAt = facts.filter((fact) => fact.t === "Now").at(-1)?.at ?? 0;
      assert.ok(parkedAt >= deadline + 1_000, "reported before its call could have ended");
      assert.equal(effectsOf([next], asked).at(-1)?.outcome, "done");
      assert.equal(effectsOf([next], parked).at(-1)?.outcome, "unknown");
    },
  },
  {
    name: "a late outcome changes the ledger and nothing else",
    rules: "A7d (sim)",
    tell: async (world) => {
      world.workflow(
        "w",
        [
          ["t", "trigger.manual"],
          ["o", "once"],
        ],
        ["t > o"],
      );
      const life = await world.lead();
      const { promise, open } = gate<void>();
      world.acts.set("o", async () => {
        await promise;
        return { kind: "succeeded", outputs: { main: { items: [{ json: "late" }] } } };
      });
      const id = await world.start(life, "w");
      const end = await finished(life, id);
      assert.equal(end.status, "failed");
      assert.equal(end.failure?.code, "TIMEOUT");
      const before = await factsOf(world, id);
      open();
      await until("the ledger knows", () => effectsOf([life], id).at(-1)?.outcome === "late");
      assert.deepEqual(
        effectsOf([life], id).map((row) => row.outcome),
        ["intended", "unknown", "late"],
      );
      assert.ok(effectsOf([life], id).every((row) => row.key === `${id}/o/0`));
      assert.deepEqual(await factsOf(world, id), before);
    },
  },
  {
    name: "a cut connection: what was written is acknowledged, what was not is sent again, under a new epoch",
    rules: "A3 (sim)",
    tell: async (world) => {
      everything(world);
      const life = await world.lead();
      const cuts = ["cutBefore", "cutAfter", "ok"] as const;
      life.onFlush = (n) => cuts[n % cuts.length] ?? "ok";
      const { epoch } = life.engine.status();
      const ids = await Promise.all([1, 2, 3].map(() => world.start(life, "all")));
      for (const id of ids) {
        assert.deepEqual((await finished(life, id)).output, END);
        assert.equal(callsOf(world, "o", id), 1);
        assert.equal(callsOf(world, "a", id), 1);
      }
      assert.ok((life.engine.status().epoch ?? 0) > (epoch ?? 0));
      assert.equal(life.engine.status().state, "leading");
    },
  },
];

/** Work that takes several turns is not over when a turn leaves nothing open. */
faults.push({
  name: "an execution in the middle of its work is not taken for a waiting one",
  rules: "A12, more",
  tell: async (world) => {
    world.workflow(
      "w",
      [
        ["t", "trigger.manual"],
        ["s", "wait", { config: { for: "signal", signal: "go" } }],
      ],
      ["t > s"],
    );
    let turns = 0;
    const kernel = {
      ...realKernel,
      advance: (...args: Parameters<typeof realKernel.advance>) => ({
        ...realKernel.advance(...args),
        more: ++turns <= 2,
      }),
    };
    const life = await world.lead({}, kernel);
    const id = await world.start(life, "w");
    assert.deepEqual(life.batches[0]?.updates, []);
    await until("it waits", async () => (await statusOf(world, id)) === "waiting");
    await until("it leaves memory", () => life.engine.status().executionsInMemory === 0);
    await life.engine.deliver(id, { type: "SignalReceived", name: "go", id: "1", payload: null });
    assert.equal((await finished(life, id)).status, "succeeded");
  },
});

async function crashAt(world: World, fault: "killBefore" | "killAfter", at: number): Promise<void> {
  world.calls.length = 0;
  const life = await world.lead();
  life.onFlush = (n) => (n === at ? fault : "ok");
  const key = { key: `${fault}-${at}`, requestHash: "", ttlMs: 60_000 };
  let isKilled = false;
  const kill = life.kill;
  life.kill = () => {
    isKilled = true;
    kill();
  };
  void life.engine.start(world.request("all", [{}], { key })).catch(() => {});
  await until("the crash", () => isKilled);
  const next = await world.lead();
  // Whoever got no answer asks again with the same key.
  const id = await world.start(next, "all", [{}], { key });
  await seeThrough(world, next, id);
  assert.equal(await statusOf(world, id), "succeeded", `${fault} ${at}`);
  assert.deepEqual((await finished(next, id)).output, END);
  const facts = await factsOf(world, id);
  const settled = facts.filter((fact) => fact.t === "NodeFinished").map((fact) => fact.run);
  assert.equal(new Set(settled).size, settled.length, `a node settled twice at ${fault} ${at}`);
  assert.ok(callsOf(world, "o", id) <= 1, `the once effect was sent twice at ${fault} ${at}`);
  const children = new Set(world.calls.filter((call) => call.node === "c").map((call) => call.executionId));
  assert.equal(children.size, 1, `${children.size} children at ${fault} ${at}`);
  for (const node of ["a", "c"]) {
    const keys = new Set(world.calls.filter((call) => call.node === node).map((call) => call.key));
    assert.equal(keys.size, 1, `${node} was sent under ${keys.size} keys at ${fault} ${at}`);
  }
  next.kill();
}
