// Stories of starts that must wait or are refused: places that are taken, rows of the inbox, limits.
import assert from "node:assert/strict";
import type { OrgLimits, StartResult } from "../engine.types.ts";
import { StoreError } from "../store.ts";
import { callsOf, factsOf, finished, gate, type Story, startsOf, statusOf } from "./stories.ts";
import { ENV, ORG, sleep, until } from "./world.ts";

export const places: Story[] = [
  {
    name: "a start that waits for its place begins in the end, also when the storage does not answer for a moment",
    rules: "A10 (sim)",
    tell: async (world) => {
      world.workflow(
        "queue",
        [
          ["t", "trigger.manual"],
          ["a", "work"],
        ],
        ["t > a"],
        {
          concurrency: { limit: 1, overlap: "queue" },
        },
      );
      const life = await world.lead();
      const { promise, open } = gate<void>();
      world.acts.set("a", async () => {
        await promise;
        return { kind: "succeeded", outputs: { main: { items: [{ json: "ok" }] } } };
      });
      const first = await world.start(life, "queue");
      const key = { key: "k", requestHash: "", ttlMs: 60_000 };
      const second = await world.start(life, "queue", [{}], { key });
      // By then the row was seen in the inbox too.
      await sleep(1_200);
      const { findStartKeys } = life.store;
      let failures = 0;
      life.store.findStartKeys = async (keys) => {
        if (++failures <= 2) throw new StoreError("unavailable", "not now");
        return findStartKeys(keys);
      };
      open();
      await finished(life, first);
      assert.equal((await finished(life, second)).output, "ok");
      assert.deepEqual(await world.store.inbox(10), []);
    },
  },
  {
    name: "a start that waits begins once, though a slow look into the inbox sees its row too",
    rules: "A9 (sim)",
    tell: async (world) => {
      world.workflow(
        "queue",
        [
          ["t", "trigger.manual"],
          ["a", "work"],
        ],
        ["t > a"],
        {
          concurrency: { limit: 1, overlap: "queue" },
        },
      );
      const life = await world.lead();
      const { promise, open } = gate<void>();
      world.acts.set("a", async () => {
        await promise;
        return { kind: "succeeded", outputs: { main: { items: [{ json: "ok" }] } } };
      });
      const first = await world.start(life, "queue");
      const second = await world.start(life, "queue");
      const { load } = life.store;
      const asked = gate<void>();
      const slow = gate<void>();
      life.store.load = async (ids, options) => {
        const found = await load(ids, options);
        if (ids.includes(second) && found.size === 0) {
          asked.open();
          await slow.promise;
        }
        return found;
      };
      // Either nobody looks for it, or what was found is told after it has begun and ended.
      await Promise.race([asked.promise, sleep(1_300)]);
      open();
      await finished(life, first);
      await finished(life, second);
      slow.open();
      await sleep(100);
      assert.equal(startsOf(life, world.request("queue").workflowId).length, 2);
      assert.equal(world.logs.filter((line) => line.startsWith("error")).length, 0);
    },
  },
  {
    name: "a start that was put down late, when another had begun under its key, is never told and goes",
    rules: "A10 (sim)",
    tell: async (world) => {
      world.workflow(
        "queue",
        [
          ["t", "trigger.manual"],
          ["a", "work"],
        ],
        ["t > a"],
        {
          concurrency: { limit: 1, overlap: "queue" },
        },
      );
      const life = await world.lead();
      const { putInbox } = life.store;
      let late: Parameters<typeof putInbox>[0] | undefined;
      life.store.putInbox = async (row) => {
        late = row;
        throw new StoreError("unknownOutcome", "the connection broke");
      };
      const held = [gate<void>(), gate<void>()];
      let runs = 0;
      world.acts.set("a", async () => {
        await held[runs++]?.promise;
        return { kind: "succeeded", outputs: { main: { items: [{ json: "ok" }] } } };
      });
      const key = { key: "k", requestHash: "", ttlMs: 60_000 };
      const before = await world.start(life, "queue");
      await assert.rejects(world.start(life, "queue", [{}], { key }), /connection broke/);
      held[0]?.open();
      await finished(life, before);
      const begun = await world.start(life, "queue", [{}], { key });
      assert.ok(late !== undefined);
      await world.store.putInbox(late);
      await until("the late one goes", async () => {
        assert.equal(await world.start(life, "queue", [{}], { key }), begun);
        return (await world.store.inbox(10)).length === 0;
      });
      held[1]?.open();
      assert.equal((await finished(life, begun)).output, "ok");
      assert.equal(startsOf(life, world.request("queue").workflowId).length, 2);
    },
  },
  {
    name: "a start that waits can be cancelled, and nothing of it runs; a signal waits with it until it begins",
    rules: "admission, A9",
    tell: async (world) => {
      world.workflow(
        "queue",
        [
          ["t", "trigger.manual"],
          ["a", "work"],
          ["s", "wait", { config: { for: "signal", signal: "go" } }],
        ],
        ["t > a", "a > s"],
        {
          concurrency: { limit: 1, overlap: "queue" },
        },
      );
      const old = await world.lead();
      const first = await world.start(old, "queue");
      const ids = [await world.start(old, "queue"), await world.start(old, "queue")] as const;
      const go = { type: "SignalReceived", name: "go", id: "1", payload: null } as const;
      assert.deepEqual(await old.engine.deliver(ids[1], go), { kind: "accepted" });
      old.kill();
      const life = await world.lead();
      assert.equal(life.engine.queued(ids[0])?.workflowName, "queue");
      const cancelled = await Promise.all(
        [1, 2].map(() => life.engine.deliver(ids[0], { type: "CancelRequested" })),
      );
      assert.deepEqual(cancelled[0], { kind: "accepted" });
      assert.equal((await finished(life, ids[0])).status, "cancelled");
      assert.equal(life.engine.queued(ids[0]), undefined);
      assert.equal(life.engine.queued(first), undefined);
      assert.equal((await life.engine.deliver(first, go)).kind, "accepted");
      await finished(life, first);
      assert.equal((await finished(life, ids[1])).status, "succeeded");
      assert.equal(callsOf(world, "a", ids[0]), 0);
      assert.deepEqual(await world.store.inbox(10), []);
    },
  },
  {
    name: "a place that becomes free while the places are being counted is free",
    rules: "admission (sim)",
    tell: async (world) => {
      world.workflow(
        "queue",
        [
          ["t", "trigger.manual"],
          ["a", "work"],
        ],
        ["t > a"],
        {
          concurrency: { limit: 1, overlap: "queue" },
        },
      );
      const { promise, open } = gate<void>();
      world.acts.set("a", async () => {
        await promise;
        return { kind: "succeeded", outputs: { main: { items: [{ json: "ok" }] } } };
      });
      const old = await world.lead();
      const first = await world.start(old, "queue");
      old.kill();
      const life = await world.lead();
      const { openExecutions } = life.store;
      const counted = gate<void>();
      life.store.openExecutions = async (...about) => {
        const ids = (await openExecutions?.(...about)) ?? [];
        await counted.promise;
        return ids;
      };
      const starting = world.start(life, "queue");
      await until("it runs again", () => callsOf(world, "a", first) === 2);
      await sleep(50);
      open();
      await finished(life, first);
      counted.open();
      assert.equal((await finished(life, await starting)).output, "ok");
    },
  },
  {
    name: "starts that waited over a takeover all begin, though a place becomes free as they are read",
    rules: "admission (sim)",
    tell: async (world) => {
      world.workflow(
        "queue",
        [
          ["t", "trigger.manual"],
          ["a", "work"],
        ],
        ["t > a"],
        {
          concurrency: { limit: 1, overlap: "queue" },
        },
      );
      const { promise, open } = gate<void>();
      world.acts.set("a", async () => {
        await promise;
        return { kind: "succeeded", outputs: { main: { items: [{ json: "ok" }] } } };
      });
      const old = await world.lead();
      const ids: string[] = [];
      for (const n of [1, 2, 3, 4]) ids.push(await world.start(old, "queue", [{ n }]));
      old.kill();
      const life = world.engine();
      const { openExecutions } = life.store;
      life.store.openExecutions = async (...about) => {
        const found = (await openExecutions?.(...about)) ?? [];
        open();
        // The first ends while the answer is on its way.
        await until("it ended", async () => (await statusOf(world, ids[0] ?? "")) === "succeeded");
        await sleep(20);
        return found;
      };
      await life.engine.begin({ insteadOf: (await world.store.holder())?.id });
      for (const id of ids) assert.equal((await finished(life, id)).output, "ok");
    },
  },
  {
    name: "a row that asks for a version nobody has does not stand in the way of the others",
    rules: "A9",
    tell: async (world) => {
      world.workflow("w", [["t", "trigger.manual"]], []);
      const life = await world.lead();
      const request = { ...world.request("w"), versionId: ENV };
      const row = { id: ENV, orgId: ORG, executionId: ENV, kind: "start", atMs: Date.now() };
      await world.store.putInbox({ ...row, body: Buffer.from(JSON.stringify(request)), dedupeKey: null });
      await until("it is gone", async () => (await world.store.inbox(10)).length === 0);
      assert.equal(life.engine.status().executionsInMemory, 0);
    },
  },
  {
    name: "places per concurrency key: queue (over a crash), skip, cancel the other",
    rules: "admission",
    tell: async (world) => {
      const nodes: Parameters<typeof world.workflow>[1] = [
        ["t", "trigger.manual"],
        ["a", "work"],
      ];
      world.workflow("queue", nodes, ["t > a"], { concurrency: { limit: 1, overlap: "queue" } });
      world.workflow("skip", nodes, ["t > a"], { concurrency: { limit: 1, overlap: "skip" } });
      world.workflow("other", nodes, ["t > a"], { concurrency: { limit: 1, overlap: "cancelOther" } });
      const first = await world.lead();
      const { promise } = gate<never>();
      world.acts.set("a", () => promise);
      const ids = [];
      for (const n of [1, 2, 3])
        ids.push(await world.start(first, "queue", [{ n }], { concurrencyKey: "k" }));
      await until("one runs", () => world.calls.length === 1);
      const elsewhere = await world.start(first, "queue", [{}], { concurrencyKey: "other" });
      await until("another key has its own places", () => callsOf(world, "a", elsewhere) === 1);
      first.kill();
      world.acts.set("a", () => ({ kind: "succeeded", outputs: { main: { items: [{ json: "ok" }] } } }));
      const life = await world.lead();
      for (const id of ids) assert.equal((await finished(life, id)).output, "ok");
      assert.deepEqual(await world.store.inbox(10), []);
      assert.equal(startsOf(life, world.request("queue").workflowId).length, 2);

      const { promise: held, open } = gate<void>();
      world.acts.set("a", async (_call, signal) => {
        await Promise.race([held, new Promise((resolve) => signal.addEventListener("abort", resolve))]);
        return { kind: "succeeded", outputs: { main: { items: [{ json: "ok" }] } } };
      });
      const one = await world.start(life, "skip");
      const refused = await life.engine.start(world.request("skip"));
      assert.equal(refused.kind === "refused" && refused.code, "CONCURRENCY_LIMIT");
      const old = await world.start(life, "other");
      await until("it runs", () => callsOf(world, "a", old) === 1);
      const young = await world.start(life, "other");
      await until("the old one is asked to end", async () =>
        (await factsOf(world, old)).some((fact) => fact.t === "CancelRequested"),
      );
      open();
      assert.equal((await finished(life, young)).status, "succeeded");
      assert.equal((await finished(life, old)).status, "cancelled");
      await finished(life, one);
      assert.equal((await life.engine.start(world.request("skip"))).kind, "started");
    },
  },
  {
    name: "an organization has a limit of open executions",
    rules: "E limits",
    tell: async (world) => {
      world.workflow(
        "w",
        [
          ["t", "trigger.manual"],
          ["a", "work"],
        ],
        ["t > a"],
      );
      const life = await world.lead({ openExecutionsMax: 1_000_000 });
      const before = await world.store.openCount(world.request("w").orgId);
      life.kill();
      const next = await world.lead({ openExecutionsMax: before + 2 });
      const { promise, open } = gate<void>();
      world.acts.set("a", async () => {
        await promise;
        return { kind: "succeeded", outputs: { main: { items: [] } } };
      });
      const ids = [await world.start(next, "w"), await world.start(next, "w")];
      const refused = await next.engine.start(world.request("w"));
      assert.equal(refused.kind === "refused" && refused.code, "OPEN_EXECUTIONS_LIMIT");
      open();
      for (const id of ids) await finished(next, id);
      assert.equal((await next.engine.start(world.request("w"))).kind, "started");
    },
  },
  {
    name: "an organization that journals more than its limit begins nothing new for a while; others do, and what runs goes on",
    rules: "E limits",
    tell: async (world) => {
      world.workflow(
        "w",
        [
          ["t", "trigger.manual"],
          ["a", "work"],
        ],
        ["t > a"],
      );
      const slow = world.request("w").orgId;
      const limitsOf = (limits: Partial<OrgLimits>) => (orgId: string) =>
        orgId === slow ? limits : undefined;
      for (const limits of [{ turnsPerSecondMax: 0.2 }, { bytesPerSecondMax: 40 }]) {
        const life = await world.lead({}, undefined, limitsOf(limits));
        const { promise, open } = gate<void>();
        world.acts.set("a", async () => {
          await promise;
          return { kind: "succeeded", outputs: { main: { items: [] } } };
        });
        const ids: string[] = [];
        let refused: StartResult = { kind: "started", executionId: "" };
        for (let n = 0; n < 20 && refused.kind === "started"; n++) {
          refused = await life.engine.start(world.request("w"));
          if (refused.kind === "started") ids.push(refused.executionId);
        }
        assert.equal(refused.kind === "refused" && refused.code, "ORGANIZATION_RATE_LIMIT");
        assert.match(refused.kind === "refused" ? refused.remedy : "", /in \d+ s/);
        assert.ok(ids.length > 0);
        const other = await life.engine.start({ ...world.request("w"), orgId: ids[0] as string });
        assert.equal(other.kind, "started");
        open();
        for (const id of ids) assert.equal((await finished(life, id)).status, "succeeded");
        life.kill();
      }
    },
  },
];
