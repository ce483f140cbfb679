// Changes without transport, in a time that is played: gathered, by organization, and nothing kept for nobody.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type ChangeTopic, endpoints } from "@auraos/contract";
import { createChanges } from "./changes.ts";
import { topicsOf } from "./changesOfRequest.ts";

function played() {
  let due: (() => void)[] = [];
  const changes = createChanges({
    monotonic: () => 0,
    after: (_delayMs, act) => {
      due.push(act);
      return () => {};
    },
  });
  const pass = () => {
    const now = due;
    due = [];
    for (const act of now) act();
    return now.length;
  };
  const listen = (orgId: string) => {
    const heard: ChangeTopic[][] = [];
    return { heard, end: changes.watch(orgId, (topics) => void heard.push([...topics])) };
  };
  return { changes, pass, listen };
}

test("what changes within a moment is told once, and the next moment begins anew", () => {
  const { changes, pass, listen } = played();
  const { heard } = listen("one");
  changes.tell("one", "tasks", "pools");
  changes.tell("one", "tasks");
  assert.deepEqual(heard, [], "not yet");
  assert.equal(pass(), 1);
  changes.tell("one", "tasks");
  pass();
  assert.deepEqual(heard, [["tasks", "pools"], ["tasks"]]);
});

test("an organization hears of its own changes and of the server's", () => {
  const { changes, pass, listen } = played();
  const [one, other] = [listen("one"), listen("other")];
  changes.tell("one", "schedules");
  changes.tellAll("workers");
  pass();
  assert.deepEqual([one.heard, other.heard], [[["schedules", "workers"]], [["workers"]]]);
});

test("for nobody nothing is gathered, and whoever has gone hears nothing", () => {
  const { changes, pass, listen } = played();
  changes.tell("one", "tasks");
  assert.equal(pass(), 0);
  const { heard, end } = listen("one");
  changes.tell("one", "tasks");
  end();
  pass();
  assert.deepEqual(heard, []);
});

test("what an endpoint changes follows from its address; reading and trying out change nothing", () => {
  const { listTasks, createTask, executeTask, deleteSchedule, publishWorkflow, storeDraft } = endpoints;
  assert.deepEqual(topicsOf(listTasks), []);
  assert.deepEqual(topicsOf(createTask), ["tasks", "pools"]);
  assert.deepEqual(topicsOf(executeTask), ["tasks", "pools"]);
  assert.deepEqual(topicsOf(deleteSchedule), ["schedules"]);
  assert.deepEqual(topicsOf(storeDraft), ["workflows"]);
  assert.ok(topicsOf(publishWorkflow).includes("schedules"));
  assert.deepEqual(topicsOf({ method: "post", path: "/api/v1/schedules/preview" }), []);
  assert.deepEqual(topicsOf({ method: "post", path: "/api/v1/workflows/:id/execute" }), []);
});
