// Forms as a browser sends them: shown, checked, durable before they thank, once.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { runningServer, until } from "../testing/runningServer.ts";

const server = await runningServer({ after });
const definition = {
  name: "applications",
  nodes: [
    {
      id: "form",
      type: "trigger.form",
      config: {
        path: "apply",
        title: 'Apply <b>"now"</b>',
        description: "It takes two minutes.",
        thanksTitle: "Good luck",
        pages: [
          {
            title: "You",
            fields: [
              { name: "name", label: "Name", required: true, max: 20 },
              { name: "email", label: "E-mail", type: "email", required: true },
              { name: "age", label: "Age", type: "number", min: 16 },
            ],
          },
          {
            title: "More",
            fields: [
              { name: "team", label: "Team", type: "choice", options: ["Red", "Blue"], required: true },
              { name: "terms", label: "I agree", type: "checkbox", required: true },
              { name: "cv", label: "CV", type: "file", accept: ".txt,image/*", many: true },
            ],
          },
        ],
      },
    },
  ],
  connections: [],
};
const { json: workflow } = await server.call("POST", "/api/v1/workflows?publish=1", definition);
const url = `${server.running.url}/forms/apply`;

const show = (headers: Record<string, string> = {}) => fetch(url, { headers, redirect: "manual" });

async function send(fields: Record<string, string | File>, headers: Record<string, string> = {}) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  const response = await fetch(url, { method: "POST", body: form, headers, redirect: "manual" });
  return { response, html: await response.text() };
}

const good = { name: "Ada", email: "ada@example.com", age: "36", team: "Red", terms: "yes" };

async function executions() {
  const { json } = await server.call("GET", `/api/v1/executions?workflow=${workflow.id}`);
  return json.items as { id: string; status: string }[];
}

test("the page is escaped, labelled, and may do nothing that is not its own", async () => {
  const response = await show();
  const html = await response.text();
  assert.equal(response.status, 200);
  assert.ok(html.includes("Apply &lt;b&gt;&quot;now&quot;&lt;/b&gt;") && !html.includes("<b>"));
  const policy = response.headers.get("content-security-policy") ?? "";
  const nonce = /script-src 'nonce-([^']+)'/.exec(policy)?.[1] ?? "";
  assert.ok(nonce.length > 16 && html.includes(`<script nonce="${nonce}">`));
  assert.match(policy, /default-src 'none'.*form-action 'self'.*frame-ancestors 'none'/);
  assert.notEqual((await show()).headers.get("content-security-policy"), policy);
  for (const name of ["name", "email", "age", "cv"])
    assert.match(html, new RegExp(`<label class="label" for="f-${name}">`));
  assert.match(html, /<html lang="en" dir="ltr">/);
  assert.match(
    await (await show({ "accept-language": "ar-EG,en;q=0.5" })).text(),
    /<html lang="ar" dir="rtl">/,
  );
});

test("what is wrong is said at its field, and what was entered stays", async () => {
  const { response, html } = await send({ ...good, email: 'a"b', age: "12", team: "Green", terms: "" });
  assert.equal(response.status, 422);
  assert.match(html, /role="alert">.*3 fields|4 fields/s);
  assert.match(html, /aria-describedby="f-email-e".*value="a&quot;b"/);
  assert.match(html, /id="f-age-e">Please enter 16 or more/);
  assert.match(html, /value="Ada"/);
  const file = new File(["x"], "cv.exe", { type: "application/octet-stream" });
  assert.match((await send({ ...good, cv: file })).html, /A file of this kind/);
  assert.deepEqual(await executions(), []);
});

test("what is sent is durable before it thanks, and once however often it is sent", async () => {
  const id = "01234567-89ab-cdef-0123-456789abcdef";
  const cv = new File(["hello"], "cv.txt", { type: "text/plain" });
  const sent = { ...good, _submission: id, cv, extra: "ignored" };
  const { response } = await send(sent);
  assert.equal(response.status, 303);
  assert.equal(response.headers.get("location"), "/forms/apply?sent=1");
  const [execution] = await executions();
  assert.ok(execution);
  await send(sent);
  assert.equal((await executions()).length, 1);
  const thanks = await fetch(`${url}?sent=1`);
  assert.match(await thanks.text(), /<h1>Good luck<\/h1>/);
  await until(async () => (await executions())[0]?.status === "succeeded");
  const { json } = await server.call("GET", `/api/v1/executions/${execution.id}`);
  const { submittedAt, ...data } = json.output;
  assert.deepEqual(data, { name: "Ada", email: "ada@example.com", age: 36, team: "Red", terms: true });
  assert.ok(Date.parse(submittedAt) > 0);
  const turns = await server.call("GET", `/api/v1/executions/${execution.id}/turns`);
  assert.match(turns.text, /"cv":\{"blob"/);
});

test("a form that is not there says so; a path belongs to one", async () => {
  const none = await fetch(`${server.running.url}/forms/none`);
  assert.deepEqual([none.status, (await none.text()).includes("There is no such form")], [404, true]);
  assert.equal((await fetch(url, { method: "DELETE" })).status, 405);
  const second = { ...definition, name: "second" };
  const taken = await server.call("POST", "/api/v1/workflows?publish=1", second);
  assert.deepEqual([taken.status, taken.json.code], [409, "WEBHOOK_PATH_TAKEN"]);
  assert.match(taken.json.detail, /applications/);
  await server.call("POST", `/api/v1/workflows/${workflow.id}/unpublish`);
  assert.equal((await show()).status, 404);
});

test("a draft's form is tried out at an address of its own: shown, sent once, run as a test", async () => {
  const draft = { ...definition, name: "tried", nodes: [{ ...definition.nodes[0], id: "on" }] };
  const made = await server.call("POST", "/api/v1/workflows?publish=0", draft);
  const opened = await server.call("POST", `/api/v1/workflows/${made.json.id}/test-hooks`);
  const [{ path, methods }] = opened.json.items;
  assert.match(path, /^\/forms\/test\//);
  assert.deepEqual(methods, ["GET", "POST"]);
  const address = `${server.running.url}${path}`;
  assert.match(await (await fetch(address)).text(), /Apply &lt;b&gt;/);
  const form = () => {
    const fields = new FormData();
    for (const [name, value] of Object.entries(good)) fields.append(name, value);
    return fields;
  };
  const sent = await fetch(address, { method: "POST", body: form() });
  assert.deepEqual([sent.status, /Good luck/.test(await sent.text())], [200, true]);
  const listed = await server.call("GET", `/api/v1/executions?workflow=${made.json.id}&mode=test`);
  assert.equal(listed.json.items.length, 1);
  assert.equal((await fetch(address, { method: "POST", body: form() })).status, 404);
  const reserved = {
    ...definition,
    name: "reserved",
    nodes: [{ ...definition.nodes[0], config: { ...definition.nodes[0]?.config, path: "run/x" } }],
  };
  const refused = await server.call("POST", "/api/v1/workflows?publish=1", reserved);
  assert.deepEqual([refused.status, refused.json.code], [409, "WEBHOOK_PATH_TAKEN"]);
});
