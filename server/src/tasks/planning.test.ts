// The pure half of tasks: graph, window, readiness, recovery, order.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { downstreamOf, findCycle, inOrder, upstreamOf, waysOf } from "./graph.ts";
import { optimise, type Waiting } from "./optimise.ts";
import { type Conditions, type Outcome, readinessOf } from "./readiness.ts";
import { handleFailure } from "./recovery.ts";
import { openAt } from "./window.ts";

const edge = (text: string) => ({ from: text.charAt(0), to: text.charAt(1) });
const at = (text: string) => Date.parse(text);
const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());

describe("the graph of tasks", () => {
  it("finds a circle with its path, and none where there is none", () => {
    assert.deepEqual(findCycle(["ab", "bc", "cd", "db"].map(edge)), ["b", "c", "d", "b"]);
    assert.deepEqual(findCycle([{ from: "a", to: "a" }]), ["a", "a"]);
    assert.equal(findCycle(["ab", "ac", "bd", "cd"].map(edge)), undefined);
  });

  it("does not fall over a very long chain", () => {
    const chain = Array.from({ length: 50_000 }, (_, index) => ({ from: `${index}`, to: `${index + 1}` }));
    assert.equal(findCycle(chain), undefined);
    assert.equal(findCycle([...chain, { from: "50000", to: "0" }])?.length, 50_002);
  });

  it("knows what comes before and behind", () => {
    const edges = ["ab", "bc", "xc", "cd"].map(edge);
    assert.deepEqual([...downstreamOf(edges, ["b"])].sort(), ["c", "d"]);
    assert.deepEqual([...upstreamOf(edges, ["c"])].sort(), ["a", "b", "x"]);
    assert.deepEqual(inOrder(["d", "c", "b", "a"], edges), ["a", "b", "c", "d"]);
  });

  it("names the longest way by duration", () => {
    const edges = ["ab", "bd", "ac", "cd"].map(edge);
    const { critical, levels, tails } = waysOf(["a", "b", "c", "d", "z"], edges, (node) =>
      node === "c" ? 50 : 10,
    );
    assert.deepEqual([...critical].sort(), ["a", "c", "d"]);
    assert.equal(levels.get("d"), 2);
    assert.equal(tails.get("a"), 70);
  });
});

describe("a window", () => {
  const night = { from: "22:00", to: "06:00", timezone: "Europe/Vienna" };
  it("that goes over midnight belongs to the day it begins on", () => {
    assert.equal(iso(openAt(night, at("2026-05-04T01:00:00Z"))), "2026-05-04T01:00:00.000Z");
    assert.equal(iso(openAt(night, at("2026-05-04T10:00:00Z"))), "2026-05-04T20:00:00.000Z");
    const fridays = { ...night, days: ["FRI" as const] };
    // Saturday, three in the morning: still Friday's night.
    assert.equal(iso(openAt(fridays, at("2026-05-09T01:00:00Z"))), "2026-05-09T01:00:00.000Z");
    assert.equal(iso(openAt(fridays, at("2026-05-09T12:00:00Z"))), "2026-05-15T20:00:00.000Z");
  });

  it("follows the clocks when they change", () => {
    const early = { from: "02:30", to: "04:00", timezone: "Europe/Vienna" };
    assert.equal(iso(openAt(early, at("2026-03-28T23:30:00Z"))), "2026-03-29T01:00:00.000Z");
    assert.equal(iso(openAt(early, at("2026-10-24T23:30:00Z"))), "2026-10-25T00:30:00.000Z");
    assert.equal(iso(openAt(early, at("2026-10-25T12:30:00Z"))), "2026-10-26T01:30:00.000Z");
  });
});

describe("readiness", () => {
  const now = at("2026-05-04T10:00:00Z");
  const plain: Conditions = {
    ...{ needs: [], need: "all", onUnmet: "skip", window: undefined, notBeforeMs: null },
    ...{ deadlineMs: null, onDeadline: "fail", isPaused: false },
  };
  const need = (
    taskId: string,
    on: "success" | "failure" | "completion" = "success",
    withinSeconds?: number,
  ) => ({
    ...{ taskId, task: taskId.toUpperCase(), on },
    ...(withinSeconds === undefined ? {} : { withinSeconds }),
  });
  const judge = (more: Partial<Conditions>, outcomes: Record<string, string | Outcome> = {}) =>
    readinessOf(
      { ...plain, ...more },
      (id) => {
        const found = outcomes[id];
        return typeof found === "string" ? { status: found, completedMs: now, isOfFlow: true } : found;
      },
      now,
    );

  for (const [name, more, outcomes, kind, reason] of [
    ["nothing needed", {}, {}, "ready", ""],
    ["all succeeded", { needs: [need("a"), need("b")] }, { a: "succeeded", b: "succeeded" }, "ready", ""],
    [
      "one still runs",
      { needs: [need("a"), need("b")] },
      { a: "succeeded", b: "running" },
      "wait",
      '"B" has not ended yet',
    ],
    ["one never ran", { needs: [need("a")] }, {}, "wait", '"A" has not run yet'],
    ["one failed: skip", { needs: [need("a")] }, { a: "failed" }, "end skipped", "success was wanted"],
    [
      "one failed: fail",
      { needs: [need("a")], onUnmet: "fail" },
      { a: "failed" },
      "end failed",
      "DEPENDENCY_UNMET",
    ],
    [
      "one failed: run",
      { needs: [need("a")], onUnmet: "run" },
      { a: "failed" },
      "ready",
      "Runs all the same",
    ],
    [
      "one failed: run, but behind the other",
      { needs: [need("a"), need("b")], onUnmet: "run" },
      { a: "failed", b: "running" },
      "wait",
      '"B" has not ended yet',
    ],
    [
      "one failed: wait",
      { needs: [need("a")], onUnmet: "wait" },
      { a: "failed" },
      "wait",
      "waits for a new run",
    ],
    ["failure was wanted", { needs: [need("a", "failure")] }, { a: "failed" }, "ready", ""],
    [
      "failure was wanted and it went well",
      { needs: [need("a", "failure")] },
      { a: "succeeded" },
      "end skipped",
      "failure was wanted",
    ],
    ["any end counts", { needs: [need("a", "completion")] }, { a: "cancelled" }, "ready", ""],
    [
      "skipped is no end",
      { needs: [need("a", "completion")] },
      { a: "skipped" },
      "end skipped",
      "was skipped",
    ],
    [
      "any of two",
      { needs: [need("a"), need("b")], need: "any" },
      { a: "failed", b: "succeeded" },
      "ready",
      "",
    ],
    [
      "any of two, still possible",
      { needs: [need("a"), need("b")], need: "any" },
      { a: "failed", b: "running" },
      "wait",
      '"B" has not ended yet',
    ],
    [
      "any of two, both failed",
      { needs: [need("a"), need("b")], need: "any" },
      { a: "failed", b: "failed" },
      "end skipped",
      "",
    ],
    [
      "too old",
      { needs: [need("a", "success", 60)] },
      { a: { status: "succeeded", completedMs: now - 61_000, isOfFlow: false } },
      "wait",
      "older than 60 s",
    ],
    ["paused", { isPaused: true }, {}, "wait", "paused"],
    ["too early", { notBeforeMs: now + 1 }, {}, "wait", "Not before"],
    [
      "window closed",
      { window: { from: "22:00", to: "23:00", timezone: "UTC" } },
      {},
      "wait",
      "opens at 2026-05-04T22:00",
    ],
    ["deadline passed", { deadlineMs: now - 1 }, {}, "end failed", "DEADLINE_PASSED"],
    [
      "deadline passed, and it does not matter",
      { deadlineMs: now - 1, onDeadline: "continue" },
      {},
      "ready",
      "",
    ],
  ] as const)
    it(name, () => {
      const state = judge(more as Partial<Conditions>, outcomes);
      assert.equal(state.kind === "end" ? `end ${state.status}` : state.kind, kind);
      const said = (state.kind === "ready" ? state.note : state.reason)?.text ?? "";
      assert.ok(said.includes(reason), said);
    });

  it("a wait is looked at again when its deadline passes", () => {
    const state = judge({ needs: [need("a")], deadlineMs: now + 5_000 });
    assert.deepEqual(state.kind === "wait" && state.atMs, now + 5_001);
  });
});

describe("recovery", () => {
  const retry = { attempts: 3, delaySeconds: 10, factor: 3, maxDelaySeconds: 60 };
  const failure = { code: "HTTP_503", class: "remote", message: "Service unavailable" };
  it("tries again, later each time, until the attempts are used up", () => {
    const delays = [1, 2].map(
      (attempt) => handleFailure({ retry, recovery: [] }, failure, attempt).delaySeconds,
    );
    assert.deepEqual(delays, [10, 30]);
    assert.equal(handleFailure({ retry, recovery: [] }, failure, 3).action, "fail");
    const asked = handleFailure({ retry, recovery: [] }, { ...failure, retryAfterMs: 90_000 }, 1);
    assert.equal(asked.delaySeconds, 90, "the other side asked for more time");
  });

  it("does not repeat what would fail the same way", () => {
    const wrong = handleFailure({ retry, recovery: [] }, { code: "X", class: "config", message: "" }, 1);
    assert.equal(wrong.action, "fail");
    assert.match(wrong.reason.text, /fail the same way/);
    assert.equal(handleFailure({ retry, recovery: [] }, { ...failure, retryable: false }, 1).action, "fail");
  });

  it("the first rule that fits decides", () => {
    const recovery = [
      { code: "HTTP_4*", action: "ignore" as const },
      { message: "UNAVAILABLE", action: "fallback" as const, task: "Plan B" },
      { code: "*", action: "fail" as const },
    ];
    const decide = (more: object) => handleFailure({ retry, recovery }, { ...failure, ...more }, 1);
    assert.equal(decide({ code: "HTTP_404" }).action, "ignore");
    assert.deepEqual([decide({}).action, decide({}).task], ["fallback", "Plan B"]);
    assert.equal(decide({ message: "other" }).action, "fail");
    assert.equal(
      handleFailure({ retry, recovery: [{ code: "HTTP", action: "ignore" }] }, failure, 1).action,
      "retry",
    );
    assert.equal(
      handleFailure({ retry, recovery: [{ code: "*_503", action: "ignore" }] }, failure, 1).action,
      "ignore",
    );
  });
});

describe("a better order", () => {
  const run = (runId: string, more: Partial<Waiting> = {}): Waiting => ({
    ...{ runId, taskId: runId, task: runId, priority: 0, durationMs: 10_000, deadlineInMs: null },
    ...{ readyInMs: 0, places: 1, after: [], tailMs: 10_000 },
    ...more,
  });
  it("keeps deadlines that the order of now would miss", () => {
    const result = optimise([run("a"), run("b"), run("c", { deadlineInMs: 5_000 })], 1);
    assert.deepEqual([result.before.late, result.after.late], [1, 0]);
    assert.equal(result.order[0]?.runId, "c");
    assert.match(result.order[0]?.reason ?? "", /deadline in 5 s/);
  });

  it("never puts one before what it hangs on, and never uses more places than there are", () => {
    const result = optimise(
      [run("b", { after: ["a"], deadlineInMs: 1 }), run("a"), run("big", { places: 2 }), run("c")],
      2,
    );
    const start = new Map(result.order.map((one) => [one.runId, one.startsInMs]));
    assert.ok((start.get("b") ?? 0) >= (start.get("a") ?? 0) + 10_000);
    const big = start.get("big") ?? 0;
    for (const id of ["a", "b", "c"]) assert.ok(Math.abs((start.get(id) ?? 0) - big) >= 10_000, id);
  });

  it("is never worse than the order of now", () => {
    let seed = 7;
    const random = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed / 2 ** 31;
    };
    for (let round = 0; round < 60; round += 1) {
      const runs = Array.from({ length: 12 }, (_, index) =>
        run(`r${index}`, {
          priority: Math.floor(random() * 21) - 10,
          durationMs: 1_000 + Math.floor(random() * 30_000),
          deadlineInMs: random() < 0.5 ? null : Math.floor(random() * 100_000),
          readyInMs: random() < 0.8 ? 0 : Math.floor(random() * 20_000),
          places: 1 + Math.floor(random() * 2),
          after: index > 0 && random() < 0.3 ? [`r${Math.floor(random() * index)}`] : [],
          tailMs: 1_000 + Math.floor(random() * 60_000),
        }),
      );
      const { before, after, order } = optimise(runs, 3);
      assert.ok(
        after.late < before.late || (after.late === before.late && after.tardinessMs <= before.tardinessMs),
      );
      assert.equal(order.length, 12);
    }
  });
});
