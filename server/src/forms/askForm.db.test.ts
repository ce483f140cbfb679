// Forms that a running workflow asks: led from one to the next, checked, durable, answered once, and there after a restart.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { runningServer, until } from "../testing/runningServer.ts";

const server = await runningServer({ after });

const page = (more: object) => ({
  pages: [{ fields: [{ name: "answer", label: "Answer", required: true }] }],
  ...more,
});
const definition = {
  name: "asks twice",
  nodes: [
    {
      id: "start",
      type: "trigger.form",
      config: { path: "asks", title: "Who are you?", pages: page({}).pages },
    },
    {
      id: "second",
      type: "form",
      config: {
        title: "Hello {{ $json.answer }}",
        thanksTitle: "All done",
        pages: [
          {
            fields: [
              { name: "size", label: "Size", type: "select", options: ["S", "L"], required: true },
              { name: "doc", label: "Document", type: "file", accept: ".txt" },
            ],
          },
        ],
      },
    },
  ],
  connections: [{ from: "start", to: "second" }],
};
const { json: workflow } = await server.call("POST", "/api/v1/workflows?publish=1", definition);

async function send(url: string, fields: Record<string, string | File>) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  const response = await fetch(url, { method: "POST", body: form, redirect: "manual" });
  return { status: response.status, location: response.headers.get("location"), html: await response.text() };
}

const here = (path: string | null) => `${server.running.url}${path ?? ""}`;

test("after the form that starts it comes the one that the workflow asks, and its answer goes on with its file", async () => {
  const first = await send(here("/forms/asks"), { answer: "Ada" });
  assert.equal(first.status, 303, first.html);
  assert.match(first.location ?? "", /^\/forms\/run\//);
  const shown = await fetch(here(first.location));
  assert.match(await shown.text(), /<h1>Hello Ada<\/h1>/);
  assert.match(shown.headers.get("content-security-policy") ?? "", /form-action 'self'/);

  const { json: list } = await server.call("GET", `/api/v1/executions?workflow=${workflow.id}`);
  const id = list.items[0].id;
  const { json: waiting } = await server.call("GET", `/api/v1/executions/${id}`);
  assert.equal(new URL(waiting.waits[0].formUrl).pathname, first.location);
  assert.equal(waiting.waits[0].resumeUrl, undefined);
  const { json: open } = await server.call("GET", "/api/v1/waits");
  assert.equal(new URL(open.items[0].formUrl).pathname, first.location);
  // The token of the page is none for the address that checks nothing.
  const token = (first.location ?? "").split("/").at(-1);
  assert.equal((await server.call("POST", `/hooks/resume/${token}`, { size: "XXL" })).status, 404);

  const wrong = await send(here(first.location), { size: "XXL" });
  assert.deepEqual([wrong.status, /Please choose one of these/.test(wrong.html)], [422, true]);

  await server.restart();
  assert.equal((await fetch(here(first.location))).status, 200);
  const doc = new File(["hello"], "a.txt", { type: "text/plain" });
  const done = await send(here(first.location), { size: "L", doc });
  assert.deepEqual([done.status, /<h1>All done<\/h1>/.test(done.html)], [200, true], done.html);
  await until(async () => (await server.call("GET", `/api/v1/executions/${id}`)).json.status === "succeeded");
  const { json: ended } = await server.call("GET", `/api/v1/executions/${id}`);
  assert.equal(ended.output.size, "L");
  const turns = await server.call("GET", `/api/v1/executions/${id}/turns`);
  assert.match(turns.text, /"doc":\{"blob"/);

  const again = await send(here(first.location), { size: "S" });
  assert.deepEqual([again.status, /This form is closed/.test(again.html)], [410, true]);
  assert.equal((await fetch(here(first.location))).status, 410);
  const forged = `/forms/run/${(token ?? "").replace(/^./, (letter) => (letter === "A" ? "B" : "A"))}`;
  assert.equal((await fetch(here(forged))).status, 404);
});

test("two answers at once: one counts, the other is told", async () => {
  const asks = { id: "ask", type: "form", config: page({ title: "One only", timeoutSeconds: 3600 }) };
  const made = await server.call("POST", "/api/v1/workflows?publish=1", {
    name: "asks once",
    nodes: [{ id: "start", type: "trigger.manual", config: {} }, asks],
    connections: [{ from: "start", to: "ask" }],
  });
  assert.equal(made.status, 201, made.text);
  const { id } = (await server.call("POST", `/api/v1/workflows/${made.json.id}/execute`, {})).json;
  let url = "";
  await until(async () => {
    url = (await server.call("GET", `/api/v1/executions/${id}`)).json.waits?.[0]?.formUrl ?? "";
    return url !== "";
  });
  const both = await Promise.all([send(url, { answer: "a" }), send(url, { answer: "b" })]);
  assert.deepEqual(both.map(({ status }) => status).toSorted(), [200, 410]);
  const winner = both[0]?.status === 200 ? "a" : "b";
  await until(async () => (await server.call("GET", `/api/v1/executions/${id}`)).json.status === "succeeded");
  assert.equal((await server.call("GET", `/api/v1/executions/${id}`)).json.output.answer, winner);
});

test("a form in a workflow that nobody answers in time goes on at timeout", async () => {
  const made = await server.call("POST", "/api/v1/workflows?publish=1", {
    name: "asks in vain",
    nodes: [
      { id: "start", type: "trigger.manual", config: {} },
      { id: "ask", type: "form", config: page({ title: "Hello?", timeoutSeconds: 0.2 }) },
      { id: "late", type: "set", config: { fields: { late: true } } },
    ],
    connections: [
      { from: "start", to: "ask" },
      { from: "ask", port: "timeout", to: "late" },
    ],
  });
  assert.equal(made.status, 201, made.text);
  const { id } = (await server.call("POST", `/api/v1/workflows/${made.json.id}/execute?wait=20`, {})).json;
  await until(async () => (await server.call("GET", `/api/v1/executions/${id}`)).json.output?.late === true);
});
