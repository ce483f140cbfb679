// The hub without transport: order, bridging, and what happens when the ring or a subscriber is too small.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { CommittedTurn } from "../engine/engine.types.ts";
import { createLiveHub, type LiveMessage, type LiveReads } from "./hub.ts";

const execution = "01900000-0000-7000-8000-000000000001";
const workflow = "01900000-0000-7000-8000-0000000000aa";

function turn(offset: number, more: Partial<CommittedTurn> = {}): CommittedTurn {
  const about = { orgId: "org", workflowId: workflow, executionId: execution };
  return { offset, ...about, seq: offset, atMs: offset, facts: [], status: "running", ...more };
}

function reads(stored: number[] = []): LiveReads {
  const view = (seq: number) => ({ executionId: execution, workflowId: workflow, seq, at: "", facts: [] });
  return {
    turnsAfter: async (_org, _id, seq, limit) =>
      stored
        .filter((one) => one > seq)
        .slice(0, limit)
        .map(view),
    stateOf: async () => [],
  };
}

function subscriber(backlog = () => 0) {
  const got: LiveMessage[] = [];
  const state = { lagged: false };
  const offsets = () => got.flatMap((message) => (message.type === "turn" ? [message.turn.offset] : []));
  const seqs = () => got.flatMap((message) => (message.type === "turn" ? [message.turn.seq] : []));
  const cursor = () => {
    const last = got.at(-1);
    return last?.type === "turn" ? last.turn.cursor : (last?.state.cursor ?? "");
  };
  const send = (message: LiveMessage) => void got.push(message);
  const lagged = () => {
    state.lagged = true;
  };
  return { got, state, offsets, seqs, cursor, subscriber: { send, backlog, lagged } };
}

test("a resume goes on with the next turn", async () => {
  const hub = createLiveHub(reads());
  const first = subscriber();
  const end = await hub.subscribe("org", { to: "all" }, first.subscriber);
  for (const offset of [1, 2, 3]) hub.publish(turn(offset));
  end();
  for (const offset of [4, 5]) hub.publish(turn(offset));
  const second = subscriber();
  await hub.subscribe("org", { to: "all", cursor: first.cursor() }, second.subscriber);
  hub.publish(turn(6));
  assert.deepEqual(
    [first.offsets(), second.offsets()],
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
  );
});

test("turns of other organizations and workflows stay with them", async () => {
  const hub = createLiveHub(reads());
  const mine = subscriber();
  await hub.subscribe("org", { to: "workflow", id: workflow }, mine.subscriber);
  hub.publish(turn(1, { orgId: "other" }));
  hub.publish(turn(2, { workflowId: "another" }));
  hub.publish(turn(3));
  assert.deepEqual(mine.offsets(), [3]);
});

test("a cursor that has fallen out of the ring, or of another reign, gives the state", async () => {
  const hub = createLiveHub(reads());
  const first = subscriber();
  await hub.subscribe("org", { to: "all" }, first.subscriber);
  hub.publish(turn(1));
  const old = first.cursor();
  for (let offset = 2; offset <= 20_010; offset += 1) hub.publish(turn(offset));
  const late = subscriber();
  await hub.subscribe("org", { to: "all", cursor: old }, late.subscriber);
  assert.deepEqual(
    late.got.map(({ type }) => type),
    ["state"],
  );
  const before = first.cursor();
  hub.publish(turn(1));
  const other = subscriber();
  await hub.subscribe("org", { to: "all", cursor: before }, other.subscriber);
  assert.deepEqual(
    other.got.map(({ type }) => type),
    ["state"],
  );
});

test("nobody watches for long: nothing is kept, and a resume begins with the state", async () => {
  let now = 0;
  const hub = createLiveHub(reads(), () => now);
  const first = subscriber();
  const end = await hub.subscribe("org", { to: "all" }, first.subscriber);
  hub.publish(turn(1));
  end();
  now += 10 * 60_000;
  hub.publish(turn(2));
  const second = subscriber();
  await hub.subscribe("org", { to: "all", cursor: first.cursor() }, second.subscriber);
  hub.publish(turn(3));
  assert.deepEqual(
    second.got.map(({ type }) => type),
    ["state", "turn"],
  );
});

test("history and live meet without gap or repeat, whatever commits meanwhile", async () => {
  const stored = [1, 2, 3];
  const slow = reads(stored);
  const hub = createLiveHub({
    ...slow,
    turnsAfter: async (...asked) => {
      const found = await slow.turnsAfter(...asked);
      // Committed while the history is read: one of them is in the table already, one is not.
      stored.push(4);
      hub.publish(turn(4));
      hub.publish(turn(5));
      return found;
    },
  });
  const one = subscriber();
  await hub.subscribe("org", { to: "execution", id: execution }, one.subscriber);
  hub.publish(turn(6));
  assert.deepEqual(one.seqs(), [1, 2, 3, 4, 5, 6]);
});

test("a subscriber that does not keep up is let go, and can resume", async () => {
  const hub = createLiveHub(reads());
  const slow = subscriber(() => 10_000);
  await hub.subscribe("org", { to: "all" }, slow.subscriber);
  hub.publish(turn(1));
  assert.deepEqual([slow.state.lagged, slow.offsets(), hub.subscribers()], [true, [], 0]);
});
