// Trying out a part of a draft: up to a node, a node alone with recorded data, and that production is never meant by it.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { runningServer } from "../testing/runningServer.ts";

const { call } = await runningServer({ after });

const definition = (greeting: string) => ({
  name: "partial",
  nodes: [
    { id: "start", type: "trigger.manual", config: {} },
    { id: "branch", type: "if", config: { condition: "{{ $json.age >= 18 }}" } },
    { id: "greet", type: "set", config: { fields: { greeting } } },
    { id: "shout", type: "set", config: { fields: { loud: "{{ $json.greeting.toUpperCase() }}" } } },
    { id: "broken", type: "stop", config: { message: "No.", code: "NO" } },
  ],
  connections: [
    { from: "start", to: "branch" },
    { from: "branch", port: "true", to: "greet" },
    { from: "greet", to: "shout" },
    { from: "shout", to: "broken" },
  ],
});

type Run = { node: string; kept?: boolean };
const one = async (id: string) => (await call("GET", `/api/v1/executions/${id}?wait=10`)).json;
const nodesOf = (execution: { timeline: Run[] }) => execution.timeline.map(({ node }) => node);

test("up to a node: what follows is left out, and may be wrong", async () => {
  const created = (await call("POST", "/api/v1/workflows", definition("Hello {{ $json.name }}"))).json;
  const draft = `/api/v1/workflows/${created.id}/draft`;
  const wrong = definition("Hello {{ $json.name }}");
  (wrong.nodes[4] as { type: string }).type = "nope";
  await call("PUT", draft, wrong);
  const execute = `/api/v1/workflows/${created.id}/execute?draft=1&wait=10`;
  assert.equal((await call("POST", execute, {})).status, 422, "the whole draft has a problem");
  const tried = await call("POST", `${execute}&target=shout`, { name: "Ada", age: 20 });
  assert.deepEqual([tried.json.status, tried.json.output.loud], ["succeeded", "HELLO ADA"]);
  assert.deepEqual(nodesOf(await one(tried.json.id)), ["start", "branch", "greet", "shout"]);
  const unknown = await call("POST", `${execute}&target=who`, {});
  assert.deepEqual([unknown.status, unknown.json.code], [422, "NODE_UNKNOWN"]);
});

test("a node alone: the draft's node, on the data that a production execution recorded", async () => {
  const { id } = (
    await call("POST", "/api/v1/workflows", { ...definition("Hello {{ $json.name }}"), name: "alone" })
  ).json;
  const failed = (await call("POST", `/api/v1/workflows/${id}/execute?wait=10`, { name: "Ada", age: 20 }))
    .json;
  assert.equal(failed.status, "failed");
  await call("PUT", `/api/v1/workflows/${id}/draft`, {
    ...definition("Bye {{ $json.name }}"),
    name: "alone",
  });
  const rerun = `/api/v1/executions/${failed.id}/rerun`;
  const alone = (await call("POST", rerun, { node: "greet", target: "greet", draft: true })).json;
  const execution = await one(alone.id);
  assert.deepEqual(
    [execution.mode, execution.status, execution.output.greeting],
    ["test", "succeeded", "Bye Ada"],
  );
  assert.deepEqual(
    execution.timeline.filter(({ kept }: Run) => !kept).map(({ node }: Run) => node),
    ["greet"],
  );
  const onwards = (await call("POST", rerun, { node: "greet", draft: true, target: "shout" })).json;
  assert.equal((await one(onwards.id)).output.loud, "BYE ADA");
  for (const unclear of [{ draft: true, version: 1 }, { target: "greet" }])
    assert.equal((await call("POST", rerun, unclear)).json.code, "RERUN_UNCLEAR");
});
