// With the real cache and observers that stand for what a page shows: which keys are asked again, and how often.
import assert from "node:assert/strict";
import { test } from "node:test";
import { focusManager, QueryClient, type QueryKey, QueryObserver } from "@tanstack/react-query";
import { createAskAgain } from "./askAgain.ts";
import { keysOfTopic, queuedExecutions } from "./changes.ts";

const LONG_MS = 3_600_000;

function page(shown: readonly QueryKey[], pauseMs = LONG_MS) {
  const client = new QueryClient();
  const asked: string[] = [];
  for (const queryKey of shown)
    new QueryObserver(client, {
      queryKey,
      queryFn: () => {
        asked.push(queryKey.join("."));
        return 1;
      },
    }).subscribe(() => {});
  const [ask, end] = createAskAgain(client, pauseMs);
  const changed = (topic: keyof typeof keysOfTopic) => {
    for (const key of keysOfTopic[topic]) ask(key);
  };
  return { client, asked, changed, end };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

test("of what changed only that is asked again which is shown; what is being written is left alone", async () => {
  const { client, asked, changed, end } = page([
    ["tasks", "one", "a"],
    ["schedules", "list", "all"],
    ["schedules", "draft", "0 * * * *"],
  ]);
  client.setQueryData(["tasks", "list", ""], 1);
  await settled();
  asked.length = 0;
  changed("tasks");
  assert.deepEqual(asked, ["tasks.one.a"]);
  assert.equal(
    client.getQueryState(["tasks", "list", ""])?.isInvalidated,
    true,
    "read when it is shown again",
  );
  changed("schedules");
  assert.deepEqual(asked, ["tasks.one.a", "schedules.list.all"]);
  end();
});

test("the first change is asked for at once, a storm of them not more often", async () => {
  const { asked, changed, end } = page([["pools", "list"]]);
  await settled();
  asked.length = 0;
  for (let count = 0; count < 100; count += 1) changed("pools");
  assert.equal(asked.length, 1);
  end();
});

test("what changed meanwhile is asked for when its time has come", async () => {
  const { asked, changed, end } = page([["pools", "list"]], 1);
  await settled();
  asked.length = 0;
  changed("pools");
  changed("pools");
  while (asked.length < 2) await settled();
  end();
});

test("a page that nobody sees asks when it is seen again", async () => {
  const { asked, changed, end } = page([["workers"]]);
  await settled();
  asked.length = 0;
  focusManager.setFocused(false);
  changed("workers");
  changed("workers");
  assert.deepEqual(asked, []);
  focusManager.setFocused(true);
  assert.deepEqual(asked, ["workers"]);
  focusManager.setFocused(undefined);
  end();
});

test("a reading that is under way ends, and one more follows, however many changes came meanwhile", async () => {
  const client = new QueryClient();
  const readings: { answer(rows: string): void; signal: AbortSignal }[] = [];
  const observer = new QueryObserver(client, {
    queryKey: ["tasks", "list", ""],
    queryFn: ({ signal }) =>
      new Promise<string>((answer) => {
        readings.push({ answer, signal });
      }),
  });
  observer.subscribe(() => {});
  // The first one of all, too, began before what changed.
  const [ask, end] = createAskAgain(client, 0);
  for (const rows of ["before", "meanwhile", "after"]) {
    const reading = readings.at(-1);
    for (let change = 0; rows !== "after" && change < 5; change += 1) {
      ask(["tasks", "list"]);
      await settled();
    }
    assert.equal(readings.at(-1), reading, "none begins beside it");
    assert.equal(reading?.signal.aborted, false);
    reading?.answer(rows);
    while (observer.getCurrentResult().data !== rows) await settled();
    await settled();
  }
  assert.equal(readings.length, 3, "nothing changed during the last one");
  end();
});

test("after its end nothing follows a reading that was under way", async () => {
  const client = new QueryClient();
  const answers: (() => void)[] = [];
  const queryFn = () => new Promise<number>((resolve) => answers.push(() => resolve(1)));
  new QueryObserver(client, { queryKey: ["pools"], queryFn }).subscribe(() => {});
  const [ask, end] = createAskAgain(client, 0);
  ask(["pools"]);
  end();
  answers[0]?.();
  while (client.isFetching() > 0) await settled();
  await settled();
  assert.equal(answers.length, 1);
});

test("of the executions that are shown, those that wait for their place are asked again", async () => {
  const { client, end } = page([
    ["executions", "one", "a"],
    ["executions", "one", "b"],
  ]);
  await settled();
  client.setQueryData(["executions", "one", "a"], { queue: { before: 3 } });
  client.setQueryData(["executions", "one", "b"], { status: "running" });
  client.setQueryData(["executions", "one", "unseen"], { queue: { before: 3 } });
  assert.deepEqual(queuedExecutions(client), [["executions", "one", "a"]]);
  end();
});
