// Every list that may become long is searched by a part of a name, the same way: without regard to capitals, with no
// letter that means something else, page by page, and never beyond the organization.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { invited, setUpOwner } from "./testing/people.ts";
import { runningServer } from "./testing/runningServer.ts";
import { hello } from "./testing/workflows.ts";

const server = await runningServer({ after });
const ann = await setUpOwner(server);

const NAMES = ["North 100%", "Due north", "South_1", "South 1"];
const inHello = { workflow: hello.name, cron: "0 4 * * *" };
const columns = [{ name: "Town", type: "text" }];
const hosts = ["api.example.com"];
const lists: [path: string, body: object][] = [
  ["/api/v1/schedules", inHello],
  ["/api/v1/connections", { type: "http.bearer", values: { token: "abcdefgh" }, hosts }],
  ["/api/v1/tables", { columns }],
  ["/api/v1/api-keys", { role: "viewer" }],
];

const found = async (path: string, query: string): Promise<{ names: string[]; next?: string }> => {
  const { status, json, text } = await ann.call("GET", `${path}?${query}`);
  assert.equal(status, 200, text);
  const names = json.items.map(({ name }: { name: string }) => name);
  return { names, ...(json.next === undefined ? {} : { next: json.next }) };
};

test("the lists are searched by a part of the name", async (t) => {
  const workflow = await ann.call("POST", "/api/v1/workflows", hello);
  assert.equal(workflow.status, 201, workflow.text);
  for (const [path, body] of lists)
    await t.test(path, async () => {
      for (const name of NAMES) {
        const made = await ann.call("POST", path, { ...body, name });
        assert.equal(made.status, 201, made.text);
      }
      const search = async (text: string) =>
        (await found(path, `search=${encodeURIComponent(text)}`)).names.sort();
      assert.deepEqual(await search("NORTH"), ["Due north", "North 100%"]);
      assert.deepEqual(await search("0%"), ["North 100%"]);
      assert.deepEqual(await search("th_"), ["South_1"]);
      assert.deepEqual(await search("east"), []);

      const first = await found(path, "search=north&limit=1");
      const second = await found(path, `search=north&limit=1&after=${first.next}`);
      assert.deepEqual([...first.names, ...second.names].sort(), ["Due north", "North 100%"]);
      assert.equal(second.next, undefined);
      const tooLong = await ann.call("GET", `${path}?search=${"x".repeat(201)}`);
      assert.deepEqual([tooLong.status, tooLong.json.code], [400, "QUERY_INVALID"]);
    });
});

test("a search goes together with the other filters of a list", async () => {
  const { json } = await ann.call("GET", "/api/v1/schedules?search=due");
  await ann.call("POST", `/api/v1/schedules/${json.items[0].id}/pause`, {});
  assert.deepEqual((await found("/api/v1/schedules", "search=north&status=paused")).names, ["Due north"]);
  assert.deepEqual((await found("/api/v1/connections", "search=north&type=http.basic")).names, []);
  assert.equal((await found("/api/v1/connections", "search=north&type=http.bearer")).names.length, 2);
});

test("members are found by name and by address", async () => {
  await invited(server, ann, "bo.smith@north.example", "viewer");
  const path = "/api/v1/members";
  assert.deepEqual((await found(path, "search=OWNER")).names, ["Ann Owner"]);
  assert.deepEqual((await found(path, "search=North.Example")).names, ["bo.smith"]);
  assert.deepEqual((await found(path, "search=nobody")).names, []);
});
