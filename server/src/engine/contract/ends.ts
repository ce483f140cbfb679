// Stories of ends and what comes after: cancelling, stopping, running again, what others see and send.
import assert from "node:assert/strict";
import type { CommittedTurn } from "../engine.types.ts";
import { callsOf, effectsOf, factsOf, finished, gate, type Story, statusOf } from "./stories.ts";
import { sleep, until, type World } from "./world.ts";

export const ends: Story[] = [
  {
    name: "cancel gives the signal and awaits effects; terminate lists what is out",
    rules: "B3, B4",
    tell: async (world) => {
      world.workflow(
        "w",
        [
          ["t", "trigger.manual"],
          ["r", "read"],
          ["a", "work"],
        ],
        ["t > r", "t > a"],
      );
      const life = await world.lead();
      const aborted: string[] = [];
      const hang = (call: { node: string }, signal: AbortSignal) =>
        new Promise<never>((_resolve, reject) => {
          signal.addEventListener("abort", () => {
            aborted.push(call.node);
            reject(new Error("aborted"));
          });
        });
      world.acts.set("r", hang);
      const { promise, open } = gate<void>();
      world.acts.set("a", async () => {
        await promise;
        return { kind: "succeeded", outputs: { main: { items: [] } } };
      });
      const id = await world.start(life, "w");
      await until("both run", () => world.calls.length === 2);
      await life.engine.deliver(id, { type: "CancelRequested", reason: "enough" });
      await until("the read is aborted", () => aborted.includes("r"));
      assert.equal(await statusOf(world, id), "running");
      open();
      assert.equal((await finished(life, id)).status, "cancelled");

      world.acts.set("a", hang);
      const second = await world.start(life, "w");
      await until("both run again", () => callsOf(world, "a", second) === 1);
      await life.engine.deliver(second, { type: "TerminateRequested" });
      assert.equal((await finished(life, second)).status, "terminated");
      const end = (await factsOf(world, second)).at(-1);
      assert.deepEqual(end?.t === "ExecutionFinished" && end.openEffects, ["a"]);
      await until("nothing runs", () => life.engine.status().activitiesRunning === 0);
    },
  },
  {
    name: "who asks again after a takeover gets the reply, also when the execution ends at that moment",
    rules: "B9 (sim)",
    tell: async (world) => {
      world.workflow(
        "w",
        [
          ["t", "trigger.manual"],
          ["say", "respond"],
          ["a", "work"],
        ],
        ["t > say", "say > a"],
      );
      const first = await world.lead();
      const { promise, open } = gate<void>();
      world.acts.set("a", async () => {
        await promise;
        return { kind: "succeeded", outputs: { main: { items: [{ json: "end" }] } } };
      });
      const id = await world.start(first, "w", [{ n: 1 }]);
      assert.equal((await first.engine.waitFor(id, 60_000)).kind, "replied");
      first.kill();
      const life = await world.lead();
      const { load } = life.store;
      const slow = gate<void>();
      life.store.load = async (ids, options) => {
        await slow.promise;
        return load(ids, options);
      };
      const waiting = life.engine.waitFor(id, 60_000);
      open();
      await until("it ended", async () => (await statusOf(world, id)) === "succeeded");
      slow.open();
      assert.equal((await waiting).kind, "replied");
    },
  },
  {
    name: "who was deposed without knowing it refuses nobody from what it remembers",
    rules: "A2 (sim)",
    tell: async (world) => {
      world.workflow(
        "w",
        [
          ["t", "trigger.manual"],
          ["a", "work"],
          ["s", "approval"],
        ],
        ["t > a", "a > s"],
      );
      const old = await world.lead({ leaseMs: 60_000, renewMs: 30_000 });
      const { promise, open } = gate<void>();
      world.acts.set("a", async () => {
        await promise;
        return { kind: "succeeded", outputs: { main: { items: [{ json: {} }] } } };
      });
      const id = await world.start(old, "w");
      await until("it runs", () => callsOf(world, "a") === 1);
      world.acts.delete("a");
      const next = await world.lead();
      await until("it waits", async () => (await statusOf(world, id)) === "waiting");
      const answer = { type: "WaitAnswered", wait: "w0", decision: "approve", data: null } as const;
      await assert.rejects(old.engine.deliver(id, answer), { code: "DEPOSED" });
      assert.equal((await next.engine.deliver(id, answer)).kind, "accepted");
      open();
      await finished(next, id);
    },
  },
  {
    name: "the live stream shows every turn after its commit, in order and without a gap",
    rules: "A12 offsets",
    tell: async (world) => {
      world.workflow(
        "w",
        [
          ["t", "trigger.manual"],
          ["a", "work"],
          ["b", "work"],
        ],
        ["t > a", "a > b"],
      );
      const life = await world.lead();
      const turns: CommittedTurn[] = [];
      const leave = life.engine.subscribe((turn) => {
        assert.ok(
          life.batches.some((batch) =>
            batch.turns.some((row) => row.executionId === turn.executionId && row.seq === turn.seq),
          ),
        );
        turns.push(turn);
      });
      const ids = await Promise.all(Array.from({ length: 20 }, () => world.start(life, "w")));
      for (const id of ids) await finished(life, id);
      leave();
      assert.deepEqual(
        turns.map((turn) => turn.offset),
        turns.map((_turn, index) => index + 1),
      );
      for (const id of ids) {
        assert.deepEqual(
          turns.filter((turn) => turn.executionId === id).map((turn) => turn.seq),
          [1, 2, 3],
        );
      }
      assert.equal(turns.at(-1)?.status, "succeeded");
    },
  },
  {
    name: "running again from a node takes over what stood before it",
    rules: "B7",
    tell: async (world) => {
      world.workflow(
        "w",
        [
          ["t", "trigger.manual"],
          ["a", "work"],
          ["b", "mark"],
        ],
        ["t > a", "a > b"],
      );
      const life = await world.lead({ snapshotFacts: 1 });
      const id = await world.start(life, "w", [{ n: 1 }]);
      await finished(life, id);
      const { orgId } = world.request("w");
      const refused = await life.engine.fork({ orgId, executionId: id, node: "a" });
      assert.equal(refused.kind === "refused" && refused.code, "EFFECTS_DONE");
      const forked = await life.engine.fork({ orgId, executionId: id, node: "b", actor: "Ada" });
      assert.ok(forked.kind === "started");
      assert.equal((await finished(life, forked.executionId)).status, "succeeded");
      assert.equal(callsOf(world, "a"), 1);
      assert.equal(
        (await world.store.load([forked.executionId])).get(forked.executionId)?.start.originId,
        id,
      );
      const repeated = await life.engine.fork({ orgId, executionId: id, node: "a", repeatEffects: true });
      assert.ok(repeated.kind === "started");
      await finished(life, repeated.executionId);
      assert.equal(new Set(world.calls.map((call) => call.key)).size, 2);
    },
  },
  {
    name: "stopping lets what runs end, writes it down, and gives the lease back",
    rules: "stop",
    tell: async (world) => {
      world.workflow(
        "w",
        [
          ["t", "trigger.manual"],
          ["a", "work"],
          ["b", "work"],
        ],
        ["t > a", "a > b"],
      );
      const life = await world.lead();
      world.acts.set("a", async () => {
        await sleep(100);
        return { kind: "succeeded", outputs: { main: { items: [{ json: 1 }] } } };
      });
      const id = await world.start(life, "w");
      await until("it runs", () => world.calls.length === 1);
      await life.engine.stop({ drainMs: 60_000 });
      assert.equal(life.engine.status().state, "stopped");
      await assert.rejects(life.engine.start(world.request("w")), { code: "NOT_LEADING" });
      assert.equal(await world.store.holder(), null);
      const next = world.engine();
      await next.engine.begin();
      assert.equal((await finished(next, id)).status, "succeeded");
      assert.equal(callsOf(world, "a"), 1);
      assert.equal(callsOf(world, "b"), 1);
    },
  },
  {
    name: "an event in the inbox is taken exactly once",
    rules: "A9",
    tell: async (world: World) => {
      world.workflow(
        "w",
        [
          ["t", "trigger.manual"],
          ["s", "wait", { config: { for: "signal", signal: "go" } }],
        ],
        ["t > s"],
      );
      const life = world.engine();
      const { watchInbox } = life.store;
      let told = 0;
      life.store.watchInbox = (onNews) =>
        watchInbox?.(() => {
          told++;
          onNews();
        }) ?? (() => {});
      await life.engine.begin({ insteadOf: (await world.store.holder())?.id });
      const id = await world.start(life, "w");
      const { orgId } = world.request("w");
      const body = Buffer.from(JSON.stringify({ type: "SignalReceived", name: "go", id: "x", payload: 1 }));
      const row = {
        id: world.request("w").versionId,
        orgId,
        executionId: id,
        kind: "event",
        body,
        atMs: Date.now(),
      };
      // The engine takes the row as soon as it is told, and the key is free again then: it looks when both have been put.
      const { inbox } = life.store;
      const { promise: arePut, open } = gate<void>();
      life.store.inbox = (limit) => arePut.then(() => inbox(limit));
      const puts = [row, { ...row, id }].map((one) => world.store.putInbox({ ...one, dedupeKey: "hook-1" }));
      assert.deepEqual((await Promise.all(puts)).sort(), ["repeated", "stored"]);
      open();
      assert.equal((await finished(life, id)).status, "succeeded");
      await until("it was told, and need not wait for its next look", () => told > 0);
      assert.deepEqual(await world.store.inbox(10), []);
      assert.deepEqual(effectsOf([life], id), []);
    },
  },
];
