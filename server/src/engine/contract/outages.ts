// Stories of what is around the engine: a storage that is away or full, a lease that is lost, data and definitions
// that cannot be worked with.
import assert from "node:assert/strict";
import type { CrashNote } from "../engine.types.ts";
import { realKernel } from "../kernel.ts";
import { callsOf, finished, gate, type Story, statusOf } from "./stories.ts";
import { sleep, until } from "./world.ts";

export const outages: Story[] = [
  {
    name: "while the storage is away or full, callers wait and the status says why",
    rules: "unavailable, full",
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
      let fault: "unavailable" | "full" | "ok" = "unavailable";
      life.onFlush = () => fault;
      const starting = world.start(life, "w");
      await until("it is failing", () => life.engine.status().state === "failing");
      assert.match(life.engine.status().reason ?? "", /does not answer/);
      fault = "full";
      await until("it is full", () => /no space/.test(life.engine.status().reason ?? ""));
      assert.equal(world.calls.length, 0);
      fault = "ok";
      assert.equal((await finished(life, await starting)).status, "succeeded");
      assert.equal(life.engine.status().state, "leading");
    },
  },
  {
    name: "who was deposed writes nothing, answers nothing, and says so; the next leader goes on",
    rules: "A2 (sim)",
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
      const old = await world.lead({ leaseMs: 60_000, renewMs: 30_000 });
      const { promise, open } = gate<void>();
      world.acts.set("a", async () => {
        await promise;
        return { kind: "succeeded", outputs: { main: { items: [{ json: 1 }] } } };
      });
      const id = await world.start(old, "w");
      await until("it runs", () => callsOf(world, "a") === 1);
      const waiting = old.engine.waitFor(id, 60_000);
      const next = await world.lead();
      const asked = old.engine.start(world.request("w"));
      await assert.rejects(asked, { code: "DEPOSED" });
      await assert.rejects(waiting, { code: "DEPOSED" });
      assert.equal(old.engine.status().state, "stopped");
      await assert.rejects(old.engine.start(world.request("w")), { code: "NOT_LEADING" });
      open();
      assert.equal((await finished(next, id)).status, "succeeded");
      assert.equal(callsOf(world, "b", id), 1);
    },
  },
  {
    name: "a standby takes over when the lease runs out, and the old leader steps back",
    rules: "A6",
    tell: async (world) => {
      world.workflow(
        "w",
        [
          ["t", "trigger.manual"],
          ["s", "wait", { config: { seconds: 0.3 } }],
        ],
        ["t > s"],
      );
      const first = await world.lead({ leaseMs: 3_000, renewMs: 100 });
      const id = await world.start(first, "w");
      const standby = world.engine();
      const leading = standby.engine.begin({ standby: true });
      await until("it stands by", () => standby.engine.status().state === "standby");
      await assert.rejects(standby.engine.start(world.request("w")), { code: "NOT_LEADING" });
      first.kill();
      await leading;
      assert.equal((await finished(standby, id)).status, "succeeded");
    },
  },
  {
    name: "a leader that began alone and is deposed stands by, and leads again when the other has gone",
    rules: "A6",
    tell: async (world) => {
      world.workflow("w", [["t", "trigger.manual"]], []);
      const first = world.engine();
      await first.engine.begin({ insteadOf: (await world.store.holder())?.id, standby: "later" });
      const second = await world.lead();
      await until("it stands by", () => first.engine.status().state === "standby");
      await finished(second, await world.start(second, "w"));
      await second.engine.stop({ drainMs: 100 });
      await until("it leads again", () => first.engine.status().state === "leading");
      assert.equal((await finished(first, await world.start(first, "w"))).status, "succeeded");
    },
  },
  {
    name: "who is deposed while recovering stands by once, and does not take the lease from itself",
    rules: "A6 (sim)",
    tell: async (world) => {
      const life = world.engine();
      const { runningExecutions } = life.store;
      const { promise, open } = gate<void>();
      life.store.runningExecutions = async (...about) => {
        await promise;
        return runningExecutions(...about);
      };
      void life.engine.begin({ standby: true });
      await until("it recovers", () => life.engine.status().state === "recovering");
      const { acquire } = life.store;
      let asking = 0;
      let askingMax = 0;
      life.store.acquire = async (...about) => {
        askingMax = Math.max(askingMax, ++asking);
        await sleep(1_100);
        return acquire(...about).finally(() => asking--);
      };
      const other = await world.lead();
      await until("it is deposed", () => life.engine.status().state === "standby");
      open();
      await sleep(1_300);
      assert.equal(askingMax, 1, "two of one holder would depose each other for ever");
      life.store.acquire = acquire;
      await other.engine.stop({ drainMs: 0 });
      await until("it leads", () => life.engine.status().state === "leading");
    },
  },
  {
    name: "a timer is not lost when its execution leaves memory while the next timer is being looked up",
    rules: "A12, T2 (sim)",
    tell: async (world) => {
      world.workflow(
        "w",
        [
          ["t", "trigger.manual"],
          ["s", "wait", { config: { seconds: 1.5 } }],
        ],
        ["t > s"],
      );
      const life = world.engine({ executionsInMemoryMax: 0 });
      const { nextWake } = life.store;
      const { promise, open } = gate<void>();
      let isAsked = false;
      life.store.nextWake = async (nowMs) => {
        const next = await nextWake(nowMs);
        isAsked = true;
        await promise;
        return next;
      };
      await life.engine.begin({ insteadOf: (await world.store.holder())?.id });
      await until("it is asked", () => isAsked);
      const id = await world.start(life, "w");
      await until("it has left memory", () => life.engine.status().executionsInMemory === 0);
      open();
      assert.equal((await finished(life, id)).status, "succeeded");
    },
  },
  {
    name: "nothing but reads starts in the last part of the lease",
    rules: "A6 (sim)",
    tell: async (world) => {
      world.workflow(
        "w",
        [
          ["t", "trigger.manual"],
          ["r", "read"],
          ["a", "work"],
          ["o", "once"],
        ],
        ["t > r", "t > a", "t > o"],
      );
      const life = await world.lead({ leaseMs: 700, renewMs: 100, leaseGuardMs: 400 });
      const renew = life.store.renew;
      life.store.renew = () => new Promise(() => {});
      await sleep(450);
      const id = await world.start(life, "w");
      await until("the read ran", () => callsOf(world, "r") === 1);
      await sleep(100);
      assert.deepEqual(
        world.calls.map((call) => call.node),
        ["r"],
      );
      life.store.renew = renew;
      assert.equal((await finished(life, id)).status, "succeeded");
    },
  },
  {
    name: "data that the storage cannot hold parks its execution alone",
    rules: "A5 (sim)",
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
      world.acts.set("a", (call) => ({ kind: "succeeded", outputs: { main: { items: [...call.items] } } }));
      life.onFlush = (_n, batch) =>
        batch.turns.some((turn) => turn.seq === 2 && Buffer.from(turn.body).includes("poison"))
          ? "data"
          : "ok";
      const good = await Promise.all([1, 2, 3, 4, 5].map((n) => world.start(life, "w", [{ n }])));
      const bad = await world.start(life, "w", [{ n: "poison" }]);
      const more = await Promise.all([6, 7, 8].map((n) => world.start(life, "w", [{ n }])));
      await until("it is parked", async () => (await statusOf(world, bad)) === "parked");
      for (const id of [...good, ...more]) assert.equal((await finished(life, id)).status, "succeeded");
      await assert.rejects(life.engine.waitFor(bad, 60_000), { code: "PARKED" });
      assert.equal(life.engine.status().executionsInMemory, 0);
      life.onFlush = (_n, batch) => (batch.starts.length > 0 ? "data" : "ok");
      await assert.rejects(life.engine.start(world.request("w")), { code: "PARKED" });
    },
  },
  {
    name: "a definition that makes the kernel throw is set aside, and never tried again by itself",
    rules: "A12 poison (sim)",
    tell: async (world) => {
      world.workflow(
        "w",
        [
          ["t", "trigger.manual"],
          ["a", "work"],
        ],
        ["t > a"],
      );
      const kernel = {
        ...realKernel,
        advance: (...args: Parameters<typeof realKernel.advance>) => {
          if (
            args[2].some(
              (event) => event.type === "ActivitySucceeded" && event.command === "a" && isBad(args[1]),
            )
          ) {
            throw new Error("the kernel stumbled");
          }
          return realKernel.advance(...args);
        },
      };
      const isBad = (state: { start?: { actor?: string } }): boolean => state.start?.actor === "bad";
      const life = await world.lead({}, kernel);
      const good = await world.start(life, "w");
      const bad = await world.start(life, "w", [{}], { actor: "bad" });
      await until("it is parked", async () => (await statusOf(world, bad)) === "parked");
      assert.equal((await finished(life, good)).status, "succeeded");
      life.kill();
      const next = await world.lead({}, kernel);
      assert.equal(next.engine.status().executionsInMemory, 0);
      assert.equal(callsOf(world, "a", bad), 1);
    },
  },
  {
    name: "an execution that takes the process down three times by itself is set aside; those beside it go on",
    rules: "A12 marker",
    tell: async (world) => {
      world.workflow(
        "w",
        [
          ["t", "trigger.manual"],
          ["a", "work"],
        ],
        ["t > a"],
      );
      let note: CrashNote | null = null;
      world.crashMarker = {
        open: () => {
          const last = note;
          note ??= { deaths: {}, trying: [] };
          return last && structuredClone(last);
        },
        write: (next) => {
          note = structuredClone(next);
        },
        remove: () => {
          note = null;
        },
      };
      let isDeadly = true;
      let deaths = 0;
      let life = await world.lead();
      world.acts.set("a", async (call) => {
        if (!isDeadly) return { kind: "succeeded", outputs: { main: { items: [] } } };
        if (JSON.stringify(call.items).includes("isBad")) {
          deaths++;
          life.kill();
        }
        return new Promise<never>(() => {});
      });
      world.workflow("short", [["t", "trigger.manual"]], []);
      const ended = await world.start(life, "short");
      const good = await world.start(life, "w");
      const bad = await world.start(life, "w", [{ isBad: true }]);
      await until("the first death", () => deaths === 1);
      for (const nth of [2, 3, 4, 5]) {
        life = world.engine();
        void life.engine.begin({ insteadOf: (await world.store.holder())?.id });
        await until(`death ${nth}`, () => deaths === nth);
      }
      const before = callsOf(world, "a", good);
      (note as CrashNote | null)?.trying.push(ended);
      Object.assign((note as CrashNote | null)?.deaths ?? {}, { [ended]: 9 });
      life = await world.lead();
      const late = await life.engine.deliver(ended, { type: "CancelRequested" });
      assert.deepEqual(late, { kind: "refused", code: "CLOSED" });
      await until("it is set aside", async () => (await statusOf(world, bad)) === "parked");
      assert.equal(deaths, 5);
      assert.equal(await statusOf(world, ended), "succeeded", "an end stays an end");
      isDeadly = false;
      await until("the other one is tried", () => callsOf(world, "a", good) > before);
      await life.engine.stop({ drainMs: 0 });
      assert.equal(note, null, "an end in order leaves no mark");
      life = await world.lead();
      assert.equal((await finished(life, good)).status, "succeeded");
    },
  },
];
