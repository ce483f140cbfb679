// Stories of ordinary life: starting, ending, waiting, answering, being asked twice.
import assert from "node:assert/strict";
import { finished, gate, type Story, statusOf } from "./stories.ts";
import { sleep, until } from "./world.ts";

export const basics: Story[] = [
  {
    name: "an execution runs to its end, and whoever waits gets its output, then and later",
    rules: "waitFor",
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
      const life = await world.lead();
      const id = await world.start(life, "w");
      const expected = { kind: "finished", status: "succeeded", output: { mark: "marked", count: 1 } };
      assert.deepEqual(await life.engine.waitFor(id, 60_000), expected);
      assert.deepEqual(await life.engine.waitFor(id, 60_000), expected);
      life.kill();
      const next = await world.lead();
      assert.deepEqual(await next.engine.waitFor(id, 60_000), expected);
      assert.equal(await statusOf(world, id), "succeeded");
      await assert.rejects(next.engine.waitFor(world.request("w").versionId, 100), {
        code: "UNKNOWN_EXECUTION",
      });
    },
  },
  {
    name: "only reads start before their cause is durable; replies and the rest come after",
    rules: "A13, T1",
    tell: async (world) => {
      world.workflow(
        "w",
        [
          ["t", "trigger.manual"],
          ["r", "read"],
          ["a", "work"],
          ["say", "respond"],
        ],
        ["t > r", "t > a", "t > say"],
      );
      const life = await world.lead();
      const seen: string[][] = [];
      let isAnswered = false;
      life.onFlush = () => {
        seen.push([...world.calls.map((call) => call.node), ...(isAnswered ? ["answered"] : [])]);
        return "ok";
      };
      const id = await world.start(life, "w", [{ x: 1 }]);
      const settled = await life.engine.waitFor(id, 60_000);
      isAnswered = true;
      assert.deepEqual(settled, { kind: "replied", status: 200, body: { x: 1 } });
      await until("the end", async () => (await statusOf(world, id)) === "succeeded");
      assert.deepEqual(seen[0], ["r"]);
      assert.deepEqual(await life.engine.waitFor(id, 60_000), settled);
    },
  },
  {
    name: "retries cost no rows of their own, and the key stays the same",
    rules: "A12",
    tell: async (world) => {
      const retry = { attempts: 4, backoff: "constant" as const, delayMs: 20, jitter: 0 };
      world.workflow(
        "w",
        [
          ["t", "trigger.manual"],
          ["a", "work", { errorHandling: { retry } }],
        ],
        ["t > a"],
      );
      const life = await world.lead();
      world.acts.set("a", (call) => {
        if (call.attempt === 3)
          return { kind: "succeeded", outputs: { main: { items: [{ json: "third" }] } } };
        return {
          kind: "failed",
          failure: { code: "HTTP_500", class: "server", message: "no", retryable: true },
        };
      });
      const id = await world.start(life, "w");
      assert.equal((await finished(life, id)).output, "third");
      assert.equal(new Set(world.calls.map((call) => call.key)).size, 1);
      const updates = life.batches.flatMap((batch) => batch.updates.map((update) => update.status));
      assert.deepEqual(updates, ["succeeded"]);
    },
  },
  {
    name: "a signal may come early, twice, or too late",
    rules: "A9",
    tell: async (world) => {
      const config = { for: "signal", signal: "go" };
      world.workflow(
        "w",
        [
          ["t", "trigger.manual"],
          ["a", "work"],
          ["s", "wait", { config }],
        ],
        ["t > a", "a > s"],
      );
      const life = await world.lead();
      const { promise, open } = gate<void>();
      world.acts.set("a", async () => {
        await promise;
        return { kind: "succeeded", outputs: { main: { items: [{ json: 1 }] } } };
      });
      const id = await world.start(life, "w");
      const signal = { type: "SignalReceived", name: "go", id: "s1", payload: { n: 1 } } as const;
      assert.deepEqual(await life.engine.deliver(id, signal), { kind: "accepted" });
      assert.deepEqual(await life.engine.deliver(id, signal), { kind: "accepted" });
      open();
      assert.equal((await finished(life, id)).status, "succeeded");
      assert.deepEqual(await life.engine.deliver(id, signal), { kind: "refused", code: "CLOSED" });
      const nobody = world.request("w").versionId;
      assert.deepEqual(await life.engine.deliver(nobody, signal), {
        kind: "refused",
        code: "UNKNOWN_EXECUTION",
      });
    },
  },
  {
    name: "an approval is listed while it is open, and its first answer wins",
    rules: "A9",
    tell: async (world) => {
      world.workflow(
        "w",
        [
          ["t", "trigger.manual"],
          ["ok", "approval", { config: { title: "Pay?", assignees: ["Ada"] } }],
        ],
        ["t > ok"],
      );
      const life = await world.lead();
      const id = await world.start(life, "w");
      const opened = life.batches
        .flatMap((batch) => batch.waitsOpened)
        .find((wait) => wait.executionId === id);
      assert.equal(opened?.title, "Pay?");
      assert.deepEqual(opened?.assignees, ["Ada"]);
      assert.equal(await statusOf(world, id), "waiting");
      const answer = (decision: "approve" | "reject") =>
        life.engine.deliver(id, {
          type: "WaitAnswered",
          wait: opened?.wait ?? "",
          decision,
          data: null,
          by: "Ada",
        });
      const both = await Promise.all([answer("approve"), answer("reject")]);
      assert.equal(both[0]?.kind, "accepted");
      assert.equal(both[1]?.kind, "refused");
      const late = await world.start(life, "w");
      await until("memory is empty", () => life.engine.status().executionsInMemory === 0);
      const unknown = { type: "WaitAnswered", wait: "w9", decision: "approve", data: null } as const;
      assert.deepEqual(await life.engine.deliver(late, unknown), { kind: "refused", code: "UNKNOWN_WAIT" });
      await until("memory is empty again", () => life.engine.status().executionsInMemory === 0);
      assert.equal((await finished(life, id)).status, "succeeded");
      assert.deepEqual(
        life.batches.flatMap((batch) => batch.waitsClosed),
        [{ executionId: id, wait: opened?.wait }],
      );
    },
  },
  {
    name: "a start key gives one execution, whoever repeats it and when",
    rules: "A10 (sim)",
    tell: async (world) => {
      world.workflow(
        "w",
        [
          ["t", "trigger.manual"],
          ["a", "work"],
        ],
        ["t > a"],
      );
      const life = await world.lead();
      const key = { key: "order-1", requestHash: "h", ttlMs: 60_000 };
      const both = await Promise.all(
        [1, 2, 3].map(() => life.engine.start(world.request("w", [{}], { key }))),
      );
      const ids = new Set(both.map((result) => ("executionId" in result ? result.executionId : "")));
      assert.equal(ids.size, 1);
      assert.deepEqual(both.map((result) => result.kind).sort(), ["existing", "existing", "started"]);
      const other = await life.engine.start(
        world.request("w", [{}], { key: { ...key, requestHash: "other" } }),
      );
      assert.equal(other.kind, "keyReused");
      life.kill();
      const next = await world.lead();
      const again = await next.engine.start(world.request("w", [{}], { key }));
      assert.deepEqual(again, { kind: "existing", executionId: [...ids][0] });
      const short = { key: "short", requestHash: "h", ttlMs: 1 };
      await next.engine.start(world.request("w", [{}], { key: short }));
      await sleep(10);
      assert.equal((await next.engine.start(world.request("w", [{}], { key: short }))).kind, "started");
    },
  },
  {
    name: "a waiting execution leaves memory and comes back by timer or event, loaded once",
    rules: "A12, single-flight (sim)",
    tell: async (world) => {
      world.workflow(
        "sleeper",
        [
          ["t", "trigger.manual"],
          ["s", "wait", { config: { seconds: 2.2 } }],
        ],
        ["t > s"],
      );
      world.workflow(
        "listener",
        [
          ["t", "trigger.manual"],
          ["s", "wait", { config: { for: "signal", signal: "go" } }],
          ["a", "work"],
        ],
        ["t > s", "s > a"],
      );
      const life = await world.lead();
      const sleepers = await Promise.all(Array.from({ length: 30 }, () => world.start(life, "sleeper")));
      const listener = await world.start(life, "listener");
      await until("memory is empty", () => life.engine.status().executionsInMemory === 0);
      let loads = 0;
      const load = life.store.load;
      life.store.load = (ids, options) => {
        if (ids.includes(listener)) loads++;
        return load(ids, options);
      };
      const results = await Promise.all(
        [1, 2, 3, 4].map((n) =>
          life.engine.deliver(listener, { type: "SignalReceived", name: "go", id: `s${n}`, payload: n }),
        ),
      );
      assert.ok(results.some((result) => result.kind === "accepted"));
      assert.equal((await finished(life, listener)).status, "succeeded");
      assert.equal(loads, 1);
      for (const id of sleepers) assert.equal((await finished(life, id)).status, "succeeded");
    },
  },
];
