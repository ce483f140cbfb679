// Addresses that answer a wait, opened by a person: they show what is asked, answer once, and are the same after a restart.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { runningServer, until } from "../testing/runningServer.ts";

const server = await runningServer({ after });

async function asks(name: string, step: object): Promise<{ id: string; path: string }> {
  const nodes = [
    { id: "start", type: "trigger.manual", config: {} },
    { id: "ask", ...step },
  ];
  const connections = [{ from: "start", to: "ask" }];
  const made = await server.call("POST", "/api/v1/workflows?publish=1", { name, nodes, connections });
  assert.equal(made.status, 201, made.text);
  const { json } = await server.call("POST", `/api/v1/workflows/${made.json.id}/execute`, {});
  const url = await until(
    async () => (await server.call("GET", `/api/v1/executions/${json.id}`)).json.waits[0]?.resumeUrl,
  );
  return { id: json.id, path: new URL(url).pathname };
}

/** As a browser does it, without a key. */
async function browse(path: string, body?: Record<string, string>, language = "en") {
  const response = await fetch(server.running.url + path, {
    headers: { accept: "text/html,*/*;q=0.8", "accept-language": language },
    ...(body === undefined ? {} : { method: "POST", body: new URLSearchParams(body) }),
  });
  return { status: response.status, headers: response.headers, html: await response.text() };
}

const ended = (id: string) =>
  until(async () => {
    const { json } = await server.call("GET", `/api/v1/executions/${id}`);
    return json.status === "succeeded" && json;
  });

test("an approval: the page says what is asked, its buttons decide, the first answer counts", async () => {
  const { id, path } = await asks("refund", {
    type: "approval",
    config: { title: 'Refund <b>"7"</b>?', message: "For Ada." },
  });
  const page = await browse(path);
  assert.equal(page.status, 200);
  assert.match(
    page.html,
    /<h1>Refund &lt;b&gt;&quot;7&quot;&lt;\/b&gt;\?<\/h1><p class="lead">For Ada\.<\/p>/,
  );
  assert.match(page.html, /value="approve">Approve<.*value="reject">Reject</);
  assert.match(page.headers.get("content-security-policy") ?? "", /default-src 'none'/);
  const confirm = await browse(`${path}?decision=reject`);
  assert.match(confirm.html, /value="reject">Reject</);
  assert.doesNotMatch(confirm.html, /Approve/);
  assert.match((await browse(path, undefined, "ar")).html, /dir="rtl".*موافقة.*رفض/s);
  const thanks = await browse(path, { decision: "reject" });
  assert.equal(thanks.status, 200);
  assert.match(thanks.html, /Your answer has arrived/);
  const { output } = await ended(id);
  assert.deepEqual([output.decision, output.by], ["reject", "resume address"]);
  for (const again of [await browse(path), await browse(path, { decision: "approve" })]) {
    assert.equal(again.status, 410);
    assert.match(again.html, /answered already/);
  }
  const program = await server.call("POST", path, { decision: "approve" }, { authorization: "" });
  assert.deepEqual([program.status, program.headers.get("content-type")?.includes("json")], [410, true]);
});

test("an approval that wants more than yes or no leads to where it can be answered", async () => {
  const form = { type: "object", properties: { amount: { type: "number" } } };
  const { id, path } = await asks("amount", { type: "approval", config: { title: "How much?", form } });
  const { html } = await browse(path);
  assert.ok(html.includes(`/executions/${id}"`), html);
  assert.doesNotMatch(html, /<button/);
});

test("an address is the same after a restart; a program gets JSON, a wrong address says so", async () => {
  const { id, path } = await asks("hook", { type: "wait", config: { for: "webhook" } });
  await server.restart();
  assert.match((await browse(path)).html, /<button>Continue</);
  const reply = await server.call("POST", path, { paid: true }, { authorization: "" });
  assert.deepEqual([reply.status, reply.json], [200, { id, accepted: true }]);
  assert.equal((await ended(id)).output.paid, true);
  const unknown = await browse(`${path.slice(0, -4)}AAAA`);
  assert.equal(unknown.status, 404);
  assert.match(unknown.html, /no such address/);
});
