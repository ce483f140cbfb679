// Stories of size: big payloads, long histories, many executions, statistics.
import assert from "node:assert/strict";
import type { Item } from "@auraos/kernel";
import { decodeTurn } from "../payload.ts";
import { recountStats, type StatRow, sumStats } from "../stats.ts";
import { callsOf, factsOf, finished, gate, type Story, statusOf } from "./stories.ts";
import { until } from "./world.ts";

export const volume: Story[] = [
  {
    name: "big values leave the turns, are stored once, and come back as they were; data that looks like a reference stays data",
    rules: "payloads",
    tell: async (world) => {
      world.workflow(
        "w",
        [
          ["t", "trigger.manual"],
          ["a", "work"],
          ["b", "work"],
          ["c", "mark"],
        ],
        ["t > a", "a > b", "b > c", "a > c"],
      );
      const life = await world.lead();
      const text = "x".repeat(3_000_000);
      const outcome = { items: [{ json: { text, $blob: "blob/0", nested: { $blob: "blob/1", bytes: 3 } } }] };
      const side = { items: [{ json: { $blob: "blob/7" } }] };
      world.acts.set("a", () => ({ kind: "succeeded", outputs: { main: outcome, side } }));
      const { promise } = gate<never>();
      world.acts.set("b", () => promise);
      const id = await world.start(life, "w", [{ small: true }, { $blob: "blob/0" }]);
      await until("b is out", () => callsOf(world, "b") === 1);
      const bytes = life.batches.flatMap((batch) => batch.turns.map((turn) => turn.body.byteLength));
      assert.ok(Math.max(...bytes) < 300_000, `the biggest turn has ${Math.max(...bytes)} bytes`);
      assert.equal(world.blobs.size, 1);
      life.kill();
      world.acts.set("b", (call) => {
        assert.deepEqual(call.items, outcome.items);
        return { kind: "succeeded", outputs: { main: { items: call.items as Item[] } } };
      });
      const next = await world.lead();
      assert.deepEqual((await finished(next, id)).output, { mark: "marked", count: 2 });
      assert.equal(world.blobs.size, 1);
      const finishedA = (await factsOf(world, id)).find(
        (fact) => fact.t === "NodeFinished" && fact.run === "a",
      );
      assert.deepEqual(finishedA?.t === "NodeFinished" && finishedA.outputs?.main?.items, outcome.items);
      assert.deepEqual(finishedA?.t === "NodeFinished" && finishedA.outputs?.side?.items, side.items);
    },
  },
  {
    name: "a snapshot and the whole history restore the same state",
    rules: "A12 snapshots",
    tell: async (world) => {
      const chain = Array.from({ length: 12 }, (_, n) => `n${n}`);
      world.workflow(
        "w",
        [["t", "trigger.manual"], ...chain.map((id): [string, string] => [id, "work"])],
        chain.map((id, n) => `${n === 0 ? "t" : chain[n - 1]} > ${id}`),
      );
      const life = await world.lead({ snapshotFacts: 5 });
      const { promise } = gate<never>();
      world.acts.set("n9", () => promise);
      // Written beside the lane, one at a time: on a slow storage the first must be there for another to follow it.
      const seqOf = async (id: string) => (await world.store.load([id])).get(id)?.snapshot?.seq ?? 0;
      for (const node of ["n4", "n5", "n6", "n7", "n8"])
        world.acts.set(node, async ({ executionId }) => {
          await until("there is a snapshot", async () => (await seqOf(executionId)) > 0);
          return { kind: "succeeded", outputs: { main: { items: [{ json: { did: node } }] } } };
        });
      const id = await world.start(life, "w");
      await until("n9 is out", () => callsOf(world, "n9") === 1);
      await until("the snapshot follows the execution", async () => (await seqOf(id)) > 3);
      life.kill();
      world.acts.delete("n9");
      const next = await world.lead();
      assert.deepEqual((await finished(next, id)).output, { did: "n11" });
      for (const node of chain) assert.equal(callsOf(world, node), node === "n9" ? 2 : 1);
    },
  },
  {
    name: "statistics are exactly the turns that were committed, over crashes and cuts",
    rules: "statistics",
    tell: async (world) => {
      const retry = { attempts: 1 };
      world.workflow(
        "w",
        [
          ["t", "trigger.manual"],
          ["a", "work"],
          ["b", "each", { errorHandling: { retry } }],
          ["c", "mark"],
        ],
        ["t > a", "a > b", "b > c"],
      );
      world.acts.set("b", (call) => {
        const isBad = (call.items[0]?.json as { did?: string } | undefined)?.did === "bad";
        if (isBad) return { kind: "failed", failure: { code: "NO", class: "client", message: "no" } };
        return { kind: "succeeded", outputs: { main: { items: [{ json: 1 }] } } };
      });
      let count = 0;
      world.acts.set("a", () => ({
        kind: "succeeded",
        outputs: { main: { items: [{ json: { did: count++ % 3 === 0 ? "bad" : "good" } }, { json: {} }] } },
      }));
      const life = await world.lead();
      life.onFlush = (n) => (n % 4 === 2 ? "cutAfter" : n % 4 === 3 ? "cutBefore" : "ok");
      const started = await Promise.all(Array.from({ length: 20 }, () => world.start(life, "w")));
      life.onFlush = () => "killAfter";
      await until("the crash", async () => {
        void life.engine.deliver(started[0] ?? "", { type: "PauseRequested" }).catch(() => {});
        return life.batches.length > 0 && world.calls.length > 0;
      });
      life.kill();
      const next = await world.lead();
      for (const id of started)
        await until("it ends", async () => /succeeded|failed/.test((await statusOf(world, id)) ?? ""));
      const deltas = [life, next]
        .flatMap((one) => one.batches)
        .flatMap((batch) =>
          batch.stats === null ? [] : [JSON.parse(Buffer.from(batch.stats).toString()) as StatRow[]],
        );
      const turns = [];
      for (const [id, stored] of await world.store.load(started, { whole: true })) {
        for (const turn of stored.turns) {
          const reader = {
            payloads: { put: async () => "", get: async () => new Uint8Array() },
            known: new Map(),
          };
          const { orgId, workflowId } = stored.start;
          turns.push({ orgId, workflowId, executionId: id, facts: await decodeTurn(reader, turn.body) });
        }
      }
      assert.deepEqual(sorted(sumStats(deltas)), sorted(recountStats(turns, "local")));
      const total = sumStats(deltas).filter((row) => row.node === null);
      assert.equal(
        total.reduce((sum, row) => sum + row.count, 0),
        20,
      );
      next.kill();
    },
  },
  {
    name: "no more activities run at once than may, and all of them run",
    rules: "activitiesMax",
    tell: async (world) => {
      world.workflow(
        "w",
        [
          ["t", "trigger.manual"],
          ["e", "each", { config: { concurrency: 50 } }],
          ["m", "mark"],
        ],
        ["t > e", "e > m"],
      );
      const life = await world.lead({ activitiesMax: 5 });
      let running = 0;
      let most = 0;
      world.acts.set("e", async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 1));
        running--;
        return { kind: "succeeded", outputs: { main: { items: [{ json: 1 }] } } };
      });
      const id = await world.start(
        life,
        "w",
        Array.from({ length: 230 }, (_, n) => ({ n })),
      );
      assert.deepEqual((await finished(life, id)).output, { mark: "marked", count: 230 });
      assert.equal(most, 5);
      assert.equal(callsOf(world, "e"), 230);
    },
  },
];

function sorted(rows: StatRow[]): StatRow[] {
  return rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
