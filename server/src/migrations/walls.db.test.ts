// The wall between tenants, as the catalogue has it and as two tenants find it.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, test } from "node:test";
import pg from "pg";
import { batchOf, holderNamed, newId, startOf, turnOf } from "../engine/postgres/batches.ts";
import { openPostgresStore } from "../engine/postgres/store.ts";
import { openPool, sqlState, withTenant } from "../platform/db.ts";
import { freshDatabase } from "../testing/freshDatabase.ts";
import { migrate } from "./migrate.ts";

after(() => Promise.all([admin.end(), api.end(), engine.end(), store.close()]));
const { url } = await freshDatabase({ after }, migrate);
const admin = new pg.Client({ connectionString: url });
await admin.connect();
const api = openPool(url, { role: "auraos_api", name: "api", max: 4 });
const engine = openPool(url, { role: "auraos_engine", name: "engine", max: 2 });
const store = openPostgresStore(url);
const [ours, theirs] = [newId(), newId()];
await fill(ours);
await fill(theirs);

test("every table with org_id has row-level security, forced, with its policies", async () => {
  const { rows } = await admin.query<{ name: string; isPartition: boolean; policies: string[] }>(
    `SELECT c.relname AS name, c.relispartition AS "isPartition", c.relrowsecurity AND c.relforcerowsecurity AS walled,
        ARRAY(SELECT polname::text FROM pg_policy WHERE polrelid = c.oid ORDER BY 1) AS policies
      FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
        AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'org_id' AND NOT a.attisdropped)`,
  );
  assert.ok(rows.length > 20);
  for (const row of rows) {
    assert.equal((row as unknown as { walled: boolean }).walled, true, row.name);
    assert.ok(row.policies.includes("owner"), row.name);
    // A partition is reached through its parent only.
    assert.equal(row.policies.includes("tenant"), !row.isPartition, row.name);
  }
});

test("nobody but the owner has a right on a partition, and nobody is exempt from the wall", async () => {
  const { rows } = await admin.query(
    `SELECT c.relname, r.rolname FROM pg_class c, pg_roles r
      WHERE c.relispartition AND c.relkind = 'r' AND r.rolname IN ('auraos_api', 'auraos_engine')
        AND has_table_privilege(r.oid, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')`,
  );
  assert.deepEqual(rows, []);
  const roles = await admin.query(
    "SELECT rolname FROM pg_roles WHERE rolname LIKE 'auraos%' AND (rolsuper OR rolbypassrls OR rolcanlogin OR rolcreaterole)",
  );
  assert.deepEqual(roles.rows, []);
  const owned = await admin.query(
    `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v')
      AND relowner <> 'auraos_owner'::regrole`,
  );
  assert.deepEqual(owned.rows, []);
});

test("the engine has no right on identity, keys and what people edit", async () => {
  for (const table of ["users", "memberships", "api_keys", "workflow_nodes"]) {
    await assert.rejects(engine.query(`SELECT 1 FROM ${table}`), isRefused, table);
  }
  for (const table of ["workflows", "workflow_versions", "organizations", "environments", "tasks"]) {
    await engine.query(`SELECT 1 FROM ${table}`);
    await assert.rejects(engine.query(`DELETE FROM ${table}`), isRefused, table);
  }
});

test("a tenant sees its own rows of every table, and without a tenant there are none", async () => {
  for (const { name, column } of await filledTables()) {
    if (!(await apiMay("SELECT", name))) continue;
    const seen = await withTenant(api, ours, (tx) =>
      tx.query(`SELECT DISTINCT ${column} AS org FROM ${name}`),
    );
    assert.deepEqual(seen.rows, [{ org: ours }], name);
    assert.equal((await api.query(`SELECT 1 FROM ${name}`)).rowCount, 0, name);
  }
  const people = await withTenant(api, ours, (tx) => tx.query("SELECT name FROM users"));
  assert.deepEqual(people.rows, [{ name: ours }]);
  const payloads = await withTenant(api, ours, (tx) =>
    tx.query("SELECT org_id FROM workflow_executions_json"),
  );
  assert.deepEqual(payloads.rows, [{ org_id: ours }]);
});

test("a tenant cannot write into another: insert, update, move and delete find nothing or are refused", async () => {
  for (const { name, column } of await filledTables()) {
    const before = await admin.query(`SELECT count(*) AS n FROM ${name}`);
    if (await apiMay("UPDATE", name)) {
      const updated = await withTenant(api, ours, (tx) =>
        tx.query(`UPDATE ${name} SET ${column} = ${column} WHERE ${column} = $1`, [theirs]),
      );
      assert.equal(updated.rowCount, 0, name);
      await assert.rejects(
        withTenant(api, ours, (tx) =>
          tx.query(`UPDATE ${name} SET ${column} = $1 WHERE ${column} = $2`, [theirs, ours]),
        ),
        isRefused,
        name,
      );
    }
    if (await apiMay("DELETE", name)) {
      const deleted = await withTenant(api, ours, (tx) =>
        tx.query(`DELETE FROM ${name} WHERE ${column} = $1`, [theirs]),
      );
      assert.equal(deleted.rowCount, 0, name);
    }
    assert.deepEqual((await admin.query(`SELECT count(*) AS n FROM ${name}`)).rows, before.rows, name);
  }
  await assert.rejects(
    withTenant(api, ours, (tx) =>
      tx.query("INSERT INTO environments (id, org_id, name) VALUES ($1, $2, 'sneaked in')", [
        newId(),
        theirs,
      ]),
    ),
    isRefused,
  );
});

test("a row of one tenant cannot hang on a row of another", async () => {
  const { rows } = await admin.query("SELECT id FROM workflows WHERE org_id = $1", [theirs]);
  await assert.rejects(
    withTenant(api, ours, (tx) =>
      tx.query(
        `INSERT INTO workflow_versions (id, workflow_id, org_id, version, kind, definition, hash)
          VALUES ($1, $2, $3, 9, 'published', '{}', $4)`,
        [newId(), rows[0].id, ours, sha256("{}")],
      ),
    ),
    (error: unknown) => sqlState(error) === "23503",
  );
});

test("the tenant ends with the transaction, also when that fails", async () => {
  await assert.rejects(withTenant(api, ours, (tx) => tx.query("SELECT 1/0")));
  await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      withTenant(api, index % 2 ? ours : theirs, async (tx) => {
        const { rows } = await tx.query("SELECT org_id FROM workflows");
        assert.deepEqual(rows, [{ org_id: index % 2 ? ours : theirs }]);
        if (index % 3 === 0) throw new Error("half-way");
      }).catch((error: Error) => assert.equal(error.message, "half-way")),
    ),
  );
  assert.equal((await api.query("SELECT 1 FROM workflows")).rowCount, 0);
  await assert.rejects(withTenant(api, "1' OR true", async () => {}));
});

test("an API key is found by its hash before the tenant is known", async () => {
  const { rows } = await api.query("SELECT org_id, scopes FROM api_key_by_hash($1)", [
    sha256(`key of ${theirs}`),
  ]);
  assert.deepEqual(rows, [{ org_id: theirs, scopes: ["run"] }]);
  assert.equal((await api.query("SELECT 1 FROM api_key_by_hash($1)", [sha256("guess")])).rowCount, 0);
  await assert.rejects(engine.query("SELECT 1 FROM api_key_by_hash($1)", [sha256("guess")]), isRefused);
});

/** One row in every tenant table of the first migrations: by the engine where it writes, else directly. */
async function fill(org: string): Promise<void> {
  const [workflow, version, task, user, execution] = [newId(), newId(), newId(), newId(), newId()];
  const statements: [string, unknown[]][] = [
    ["INSERT INTO organizations (id, name) VALUES ($1, 'org')", [org]],
    ["INSERT INTO environments (id, org_id, name) VALUES ($1, $2, 'live')", [newId(), org]],
    ["INSERT INTO users (id, name) VALUES ($1, $2)", [user, org]],
    ["INSERT INTO memberships (org_id, user_id, role) VALUES ($1, $2, 'owner')", [org, user]],
    [
      "INSERT INTO api_keys (id, org_id, name, sha256, scopes) VALUES ($1, $2, 'key', $3, '{run}')",
      [newId(), org, sha256(`key of ${org}`)],
    ],
    ["INSERT INTO workflows (id, org_id, name, definition) VALUES ($1, $2, 'w', '{}')", [workflow, org]],
    [
      "INSERT INTO workflow_versions (id, workflow_id, org_id, kind, definition, hash) VALUES ($1, $2, $3, 'draft', '{}', $4)",
      [version, workflow, org, sha256("{}")],
    ],
    [
      `INSERT INTO workflow_nodes (id, workflow_id, org_id, version_id, node_key, type, name, config, position)
        VALUES ($1, $2, $3, $4, 'n', 'set', 'n', '{}', '{}')`,
      [newId(), workflow, org, version],
    ],
    ["INSERT INTO tasks (id, org_id, name, type, config) VALUES ($1, $2, 't', 't', '{}')", [task, org]],
    ["INSERT INTO task_executions (id, task_id, org_id) VALUES ($1, $2, $3)", [newId(), task, org]],
    ["INSERT INTO task_schedules (id, task_id, org_id) VALUES ($1, $2, $3)", [newId(), task, org]],
    ["INSERT INTO blobs (id, org_id, location, bytes) VALUES ($1, $2, 'x', 1)", [newId(), org]],
    ["INSERT INTO stat_minutes VALUES ($1, $1, '', '', now(), 1, 0, '')", [org]],
  ];
  for (const [text, values] of statements) await admin.query(text, values);

  const { epoch } = (await store.acquire(holderNamed("one"), { leaseMs: 60_000 })) as { epoch: number };
  const about = { executionId: execution, orgId: org };
  await store.putInbox({
    ...about,
    id: newId(),
    kind: "signal",
    body: Buffer.from("{}"),
    atMs: 1,
    dedupeKey: null,
  });
  await store.flush(
    epoch,
    batchOf({
      starts: [startOf(execution, org)],
      turns: [turnOf(execution, org, 1)],
      startKeys: [{ ...about, workflowId: workflow, envId: org, key: "k", requestHash: "h", expiresAtMs: 1 }],
      effects: [
        { ...about, command: "c", attempt: 1, key: "k", outcome: "intended", atMs: 1, deadlineMs: null },
      ],
      waitsOpened: [
        {
          ...about,
          wait: "w",
          run: "r",
          kind: "signal",
          title: null,
          assignees: [],
          openedAtMs: 1,
          expiresAtMs: null,
        },
      ],
    }),
  );
  await store.putSnapshot(epoch, { ...about, seq: 1, body: Buffer.from("{}") });
}

/** Later migrations bring tables that other tests fill; the catalogue test above holds for all of them. */
async function filledTables(): Promise<{ name: string; column: string }[]> {
  const { rows } = await admin.query<{ name: string; column: string }>(
    `SELECT c.relname AS name, a.attname AS column FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND (a.attname = 'org_id' OR c.relname = 'organizations' AND a.attname = 'id') ORDER BY 1`,
  );
  const filled = [];
  for (const row of rows)
    if ((await admin.query(`SELECT 1 FROM ${row.name} LIMIT 1`)).rowCount) filled.push(row);
  assert.ok(filled.length >= 19, `${filled.length} tables have rows`);
  return filled;
}

async function apiMay(right: string, table: string): Promise<boolean> {
  const { rows } = await admin.query("SELECT has_table_privilege('auraos_api', $1, $2) AS yes", [
    table,
    right,
  ]);
  return rows[0].yes;
}

function isRefused(error: unknown): boolean {
  return sqlState(error) === "42501";
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
