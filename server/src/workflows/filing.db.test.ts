// Folders, tags and owners through the API: kept beside the definition, found page by page, counted, audited, told, and
// never those of another organization.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { organizationHeader } from "@auraos/contract";
import { withTenant } from "../platform/db.ts";
import { invited, setUpOwner } from "../testing/people.ts";
import { runningServer, until } from "../testing/runningServer.ts";
import { hello } from "../testing/workflows.ts";

const server = await runningServer({ after }, { AURAOS_SIGN_INS_PER_MINUTE: "1000" });
const { deps, orgId } = server.running;
const ann = await setUpOwner(server);
const bo = await invited(server, ann, "bo@example.com", "editor");
const vera = await invited(server, ann, "vera@example.com", "viewer");
const idOf = async (email: string): Promise<string> =>
  (await ann.call("GET", "/api/v1/members")).json.items.find((one: { email: string }) => one.email === email)
    .userId;
const [annId, boId, veraId] = [
  await idOf("ann@example.com"),
  await idOf("bo@example.com"),
  await idOf("vera@example.com"),
];

const make = async (name: string, filing?: object): Promise<string> => {
  const made = await ann.call("POST", "/api/v1/workflows", { ...hello, name });
  assert.equal(made.status, 201, made.text);
  if (filing) {
    const filed = await ann.call("PUT", `/api/v1/workflows/${made.json.id}/filing`, filing);
    assert.equal(filed.status, 200, filed.text);
  }
  return made.json.id;
};
const namesOf = async (query: string): Promise<string[]> => {
  const { status, json, text } = await ann.call("GET", `/api/v1/workflows?${query}`);
  assert.equal(status, 200, text);
  return json.items.map(({ name }: { name: string }) => name);
};

test("whoever makes a workflow is its owner; moving it changes neither draft nor version nor its time", async () => {
  const id = await make("Weekly report");
  const before = (await ann.call("GET", `/api/v1/workflows/${id}`)).json;
  assert.deepEqual([before.folder, before.tags, before.owner], ["", [], { id: annId, name: "Ann Owner" }]);
  const filed = await bo.call("PUT", `/api/v1/workflows/${id}/filing`, {
    folder: " Sales / Reports/",
    tags: ["prod", "Prod", " money "],
    owner: boId,
  });
  assert.equal(filed.status, 200, filed.text);
  assert.deepEqual(filed.json, {
    id,
    folder: "Sales/Reports",
    tags: ["prod", "money"],
    owner: { id: boId, name: "bo" },
  });
  const now = (await ann.call("GET", `/api/v1/workflows/${id}`)).json;
  const { folder, tags, owner } = filed.json;
  assert.deepEqual(now, { ...before, folder, tags, owner });

  // What is not named stays; null and nothing take away.
  await bo.call("PUT", `/api/v1/workflows/${id}/filing`, { owner: null });
  await bo.call("PUT", `/api/v1/workflows/${id}/filing`, { tags: ["money"] });
  const { items } = (await ann.call("GET", "/api/v1/workflows?name=Weekly%20report")).json;
  assert.deepEqual([items[0].folder, items[0].tags, items[0].owner], ["Sales/Reports", ["money"], null]);

  const [entry] = (await ann.call("GET", `/api/v1/audit?object=${id}&actor=user:bo@example.com`)).json.items;
  assert.equal(entry.what, "PUT /api/v1/workflows/:id/filing");
  assert.ok(
    entry.changes.some(({ path }: { path: string }) => path.includes("tags")),
    JSON.stringify(entry.changes),
  );
});

test("a viewer changes nothing, strangers own nothing, and what is wrong is said", async () => {
  const id = await make("Guarded", { folder: "Safe" });
  const put = (who: typeof ann, body: unknown, of = id) =>
    who.call("PUT", `/api/v1/workflows/${of}/filing`, body);
  assert.equal((await put(vera, { folder: "Mine" })).status, 403);
  const stranger = await put(ann, { owner: "01900000-0000-7000-8000-000000000000", folder: "Elsewhere" });
  assert.deepEqual([stranger.status, stranger.json.code], [422, "OWNER_UNKNOWN"]);
  for (const body of [{ folder: "a\u0000b" }, { tags: ["a,b"] }, { folder: "x".repeat(201) }, { tag: "x" }])
    assert.ok([400, 422].includes((await put(ann, body)).status), JSON.stringify(body));
  assert.equal((await put(ann, { folder: "x" }, "01900000-0000-7000-8000-000000000000")).status, 404);
  assert.equal((await ann.call("GET", `/api/v1/workflows/${id}`)).json.folder, "Safe");
});

test("filters hold together and from page to page; a folder brings its subfolders and no other", async () => {
  const folders = ["Ops", "Ops/Night", "Ops/Night/Deep", "Ops-old", "Ops0", "Op"];
  for (const [index, folder] of folders.entries())
    await make(`ops ${index}`, { folder, tags: index % 2 === 0 ? ["even", "all"] : ["all"], owner: boId });
  assert.deepEqual(await namesOf("folder=Ops"), ["ops 2", "ops 1", "ops 0"]);
  assert.deepEqual(await namesOf("folder=/Ops/Night/"), ["ops 2", "ops 1"]);
  assert.deepEqual(await namesOf("folder=ops"), []);
  assert.deepEqual(await namesOf("tag=even"), ["ops 4", "ops 2", "ops 0"]);
  assert.deepEqual(await namesOf("tag=eve"), []);
  assert.deepEqual(await namesOf(`folder=Ops&tag=even&owner=${boId}&search=OPS`), ["ops 2", "ops 0"]);
  assert.deepEqual(await namesOf(`tag=even&owner=${annId}`), []);
  assert.deepEqual(await namesOf("owner=none"), ["Weekly report"]);

  const seen: string[] = [];
  for (let next: string | undefined = ""; next !== undefined; ) {
    const after = next === "" ? "" : `&after=${next}`;
    const { json } = await ann.call("GET", `/api/v1/workflows?tag=all&owner=${boId}&limit=4${after}`);
    seen.push(...json.items.map(({ name }: { name: string }) => name));
    next = json.next;
  }
  assert.deepEqual(seen, ["ops 5", "ops 4", "ops 3", "ops 2", "ops 1", "ops 0"]);
});

test("folders, tags and owners are listed with how many each has; what is deleted is not counted", async () => {
  const gone = await make("Gone", { folder: "Nowhere", tags: ["gone"] });
  assert.deepEqual(await namesOf("tag=gone"), ["Gone"]);
  assert.equal((await ann.call("DELETE", `/api/v1/workflows/${gone}`)).status, 204);
  const { json } = await vera.call("GET", "/api/v1/workflows/filing");
  assert.equal(json.isAll, true);
  assert.deepEqual(
    json.folders.filter(({ path }: { path: string }) => /^(Ops(\/|$)|Sales|Nowhere)/.test(path)),
    [
      { path: "Ops", count: 1, total: 3 },
      { path: "Ops/Night", count: 1, total: 2 },
      { path: "Ops/Night/Deep", count: 1, total: 1 },
      { path: "Sales", count: 0, total: 1 },
      { path: "Sales/Reports", count: 1, total: 1 },
    ],
  );
  assert.deepEqual(json.tags, [
    { tag: "all", count: 6 },
    { tag: "even", count: 3 },
    { tag: "money", count: 1 },
  ]);
  assert.deepEqual(json.owners, [
    { id: annId, name: "Ann Owner", count: 1 },
    { id: boId, name: "bo", count: 6 },
  ]);
});

test("whoever watches is told that something moved", async () => {
  const id = await make("Watched");
  const told: string[] = [];
  const end = deps.changes.watch(orgId, (topics) => void told.push(...topics));
  await ann.call("PUT", `/api/v1/workflows/${id}/filing`, { tags: ["seen"] });
  await until(async () => told.includes("workflows"));
  end();
});

test("a member who goes owns nothing any more; the workflow and its place stay", async () => {
  const id = await make("Of Vera", { folder: "Vera", tags: ["left"], owner: veraId });
  assert.equal((await ann.call("DELETE", `/api/v1/members/${veraId}`)).status, 204);
  const { json } = await ann.call("GET", `/api/v1/workflows/${id}`);
  assert.deepEqual([json.owner, json.folder, json.tags], [null, "Vera", ["left"]]);
});

test("another organization sees, counts and changes none of it", async () => {
  const id = await make("Ours", { folder: "Private", tags: ["private"] });
  const other = await ann.call("POST", "/api/v1/organizations", { name: "Elsewhere" });
  assert.equal(other.status, 201, other.text);
  const there = { [organizationHeader]: other.json.id };
  const { json } = await ann.call("GET", "/api/v1/workflows/filing", undefined, there);
  assert.deepEqual(json, { folders: [], tags: [], owners: [], isAll: true });
  for (const query of ["tag=private", "folder=Private", `owner=${annId}`])
    assert.deepEqual((await ann.call("GET", `/api/v1/workflows?${query}`, undefined, there)).json.items, []);
  assert.equal((await ann.call("PUT", `/api/v1/workflows/${id}/filing`, { folder: "x" }, there)).status, 404);
  // Bo is a member here and not there.
  const made = await ann.call("POST", "/api/v1/workflows", { ...hello, name: "Theirs" }, there);
  const refused = await ann.call("PUT", `/api/v1/workflows/${made.json.id}/filing`, { owner: boId }, there);
  assert.equal(refused.json.code, "OWNER_UNKNOWN");
  // Without the predicates of the statements the wall alone holds.
  const { rows } = await withTenant(deps.api, other.json.id, (tx) => tx.query("SELECT 1 FROM workflow_tags"));
  assert.equal(rows.length, 0);
});
