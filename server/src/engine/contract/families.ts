// Stories of executions that have to do with each other: parents and children, failures and error workflows.
import assert from "node:assert/strict";
import { StoreError } from "../store.ts";
import { callsOf, factsOf, finished, gate, type Story, startsOf, statusOf } from "./stories.ts";
import { sleep, until } from "./world.ts";

export const families: Story[] = [
  {
    name: "a parent gets its child's result, also after it has left memory",
    rules: "children",
    tell: async (world) => {
      world.workflow(
        "slow",
        [
          ["t", "trigger.manual"],
          ["s", "wait", { config: { seconds: 2.2 } }],
          ["c", "mark"],
        ],
        ["t > s", "s > c"],
      );
      world.workflow(
        "p",
        [
          ["t", "trigger.manual"],
          ["sub", "subworkflow", { config: { workflow: "slow" } }],
        ],
        ["t > sub"],
      );
      const life = await world.lead();
      const id = await world.start(life, "p", [{ x: 1 }]);
      await until("both have left memory", () => life.engine.status().executionsInMemory === 0);
      assert.equal(await statusOf(world, id), "running");
      assert.deepEqual((await finished(life, id)).output, { mark: "marked", count: 1 });
      assert.equal(startsOf(life, world.request("slow").workflowId).length, 1);
      assert.equal(startsOf(life, world.request("slow").workflowId)[0]?.parentId, id);
    },
  },
  {
    name: "a child's one list stays one item, before and after a restart of the parent",
    rules: "children",
    tell: async (world) => {
      world.workflow(
        "list",
        [
          ["t", "trigger.manual"],
          ["c", "work"],
        ],
        ["t > c"],
      );
      world.workflow(
        "p",
        [
          ["t", "trigger.manual"],
          ["sub", "subworkflow", { config: { workflow: "list" } }],
          ["x", "work"],
        ],
        ["t > sub", "sub > x"],
      );
      world.acts.set("c", () => ({ kind: "succeeded", outputs: { main: { items: [{ json: [1, 2] }] } } }));
      const life = await world.lead();
      await finished(life, await world.start(life, "p"));
      assert.deepEqual(world.calls.at(-1)?.items, [{ json: [1, 2] }]);
      // The child ends durably, and nobody can tell its parent.
      life.onFlush = (_n, batch) =>
        batch.updates.some((row) => row.status === "succeeded") ? "killAfter" : "ok";
      const third = await world.start(life, "p");
      await until("the crash", async () => life.batches.some((batch) => batch.starts.length > 0));
      await sleep(100);
      const next = await world.lead();
      await finished(next, third);
      assert.deepEqual(world.calls.at(-1)?.items, [{ json: [1, 2] }]);
    },
  },
  {
    name: "a child that fails, is unknown, or calls itself too deep fails its parent with a reason",
    rules: "children",
    tell: async (world) => {
      world.workflow(
        "bad",
        [
          ["t", "trigger.manual"],
          ["c", "work"],
        ],
        ["t > c"],
      );
      world.workflow(
        "p",
        [
          ["t", "trigger.manual"],
          ["sub", "subworkflow", { config: { workflow: "bad" } }],
        ],
        ["t > sub"],
      );
      world.workflow(
        "q",
        [
          ["t", "trigger.manual"],
          ["sub", "subworkflow", { config: { workflow: "nobody" } }],
        ],
        ["t > sub"],
      );
      world.workflow(
        "me",
        [
          ["t", "trigger.manual"],
          ["sub", "subworkflow", { config: { workflow: "me" } }],
        ],
        ["t > sub"],
      );
      world.acts.set("c", () => ({
        kind: "failed",
        failure: { code: "NO", class: "client", message: "no" },
      }));
      const life = await world.lead({ subworkflowDepthMax: 3 });
      const end = async (workflow: string) =>
        (await finished(life, await world.start(life, workflow))).failure?.code;
      assert.equal(await end("p"), "NO");
      assert.equal(await end("q"), "SUBWORKFLOW_UNKNOWN");
      assert.equal(await end("me"), "SUBWORKFLOW_DEPTH");
      assert.equal(startsOf(life, world.request("me").workflowId).length, 4);
    },
  },
  {
    name: "cancelling or losing the parent cancels the child, also over a crash",
    rules: "children C3",
    tell: async (world) => {
      const wait = { config: { for: "signal", signal: "never" } };
      world.workflow(
        "child",
        [
          ["t", "trigger.manual"],
          ["c", "work"],
          ["s", "wait", wait],
        ],
        ["t > c", "c > s"],
      );
      world.workflow(
        "p",
        [
          ["t", "trigger.manual"],
          ["sub", "subworkflow", { config: { workflow: "child" } }],
        ],
        ["t > sub"],
      );
      const life = await world.lead();
      const id = await world.start(life, "p");
      await until("the child waits", () => callsOf(world, "c") === 1);
      await life.engine.deliver(id, { type: "CancelRequested" });
      assert.equal((await finished(life, id)).status, "cancelled");
      const child = world.calls[0]?.executionId ?? "";
      await until("the child is cancelled", async () => (await statusOf(world, child)) === "cancelled");

      const { promise } = gate<never>();
      world.acts.set("c", () => promise);
      const second = await world.start(life, "p");
      await until("the child runs", () => callsOf(world, "c") === 2);
      const orphan = world.calls[1]?.executionId ?? "";
      life.onFlush = (_n, batch) =>
        batch.updates.some((row) => row.executionId === second) ? "killAfter" : "ok";
      void life.engine.deliver(second, { type: "TerminateRequested" }).catch(() => {});
      await until("the parent ended", async () => (await statusOf(world, second)) === "terminated");
      world.acts.delete("c");
      await world.lead();
      await until("the orphan is cancelled", async () => (await statusOf(world, orphan)) === "cancelled");
    },
  },
  {
    name: "an unhandled failure starts the error workflow once, in the flush of the end, and never for itself",
    rules: "B3, error workflow",
    tell: async (world) => {
      world.workflow(
        "rescue",
        [
          ["t", "trigger.manual"],
          ["e", "trigger.error"],
          ["x", "work"],
        ],
        ["e > x"],
        { errorWorkflow: "rescue" },
      );
      world.workflow(
        "w",
        [
          ["t", "trigger.manual"],
          ["a", "work"],
        ],
        ["t > a"],
        { errorWorkflow: "rescue" },
      );
      const failure = { code: "NO", class: "client", message: "no" } as const;
      world.acts.set("a", () => ({ kind: "failed", failure }));
      world.acts.set("x", () => ({ kind: "failed", failure }));
      const life = await world.lead();
      life.onFlush = (_n, batch) =>
        batch.starts.some((row) => row.cause?.startsWith("error/")) ? "killAfter" : "ok";
      const id = await world.start(life, "w");
      await until("it failed", async () => (await statusOf(world, id)) === "failed");
      const started = startsOf(life, world.request("rescue").workflowId);
      assert.equal(started.length, 1);
      assert.ok(
        life.batches.at(-1)?.updates.some((row) => row.executionId === id && row.status === "failed"),
      );
      assert.equal(life.batches.at(-1)?.startKeys[0]?.key, `error/${id}`);
      const next = await world.lead();
      const rescue = started[0]?.executionId ?? "";
      assert.equal((await finished(next, rescue)).status, "failed");
      assert.equal(startsOf(next, world.request("rescue").workflowId).length, 0);
      const begun = (await factsOf(world, rescue)).find((fact) => fact.t === "ExecutionStarted");
      const json = begun?.items[0]?.json as { execution: { id: string }; error: { code: string } };
      assert.equal(json.execution.id, id);
      assert.equal(json.error.code, "NO");

      const cancelled = await world.start(next, "w", [{}], { mode: "test" });
      await finished(next, cancelled);
      await sleep(50);
      assert.equal(startsOf(next, world.request("rescue").workflowId).length, 0);
    },
  },
  {
    name: "an error workflow is not lost when its version cannot be read for a moment",
    rules: "B3, error workflow (sim)",
    tell: async (world) => {
      const nodes: Parameters<typeof world.workflow>[1] = [
        ["t", "trigger.manual"],
        ["a", "work"],
      ];
      world.workflow("rescue", nodes, ["t > a"]);
      world.workflow(
        "w",
        [
          ["t", "trigger.manual"],
          ["b", "work"],
        ],
        ["t > b"],
        { errorWorkflow: "rescue" },
      );
      world.acts.set("b", () => ({
        kind: "failed",
        failure: { code: "NO", class: "client", message: "no" },
      }));
      const life = await world.lead();
      let lookups = 0;
      life.onLookup = () => {
        if (++lookups <= 4) throw new StoreError("unavailable", "not now");
      };
      await finished(life, await world.start(life, "w"));
      assert.equal(lookups, 5);
      assert.equal(startsOf(life, world.request("rescue").workflowId).length, 1);
    },
  },
];
