// The blueprint's schema, column by column: name, type, NOT NULL and default. Timestamps have a zone here; every other
// difference is listed below with its reason (docs/decisions/0001).
import assert from "node:assert/strict";
import { after, test } from "node:test";
import pg from "pg";
import { freshDatabase } from "../testing/freshDatabase.ts";
import { migrate } from "./migrate.ts";

const BLUEPRINT: Record<string, string> = {
  workflows: `
    id uuid NOT NULL
    name character varying(255) NOT NULL
    description text
    definition jsonb NOT NULL
    status character varying(50) DEFAULT 'draft'::character varying
    created_by uuid
    created_at timestamp DEFAULT now()
    updated_at timestamp DEFAULT now()
    version integer DEFAULT 1`,
  workflow_executions: `
    id uuid NOT NULL
    workflow_id uuid
    status character varying(50) DEFAULT 'running'::character varying
    input_data jsonb
    output_data jsonb
    started_at timestamp DEFAULT now()
    completed_at timestamp
    error_message text
    execution_time integer`,
  workflow_nodes: `
    id uuid NOT NULL
    workflow_id uuid
    type character varying(50) NOT NULL
    name character varying(255) NOT NULL
    config jsonb NOT NULL
    position jsonb NOT NULL
    created_at timestamp DEFAULT now()`,
  tasks: `
    id uuid NOT NULL
    name character varying(255) NOT NULL
    description text
    type character varying(50) NOT NULL
    config jsonb NOT NULL
    schedule_config jsonb
    status character varying(50) DEFAULT 'pending'::character varying
    priority integer DEFAULT 0
    created_by uuid
    created_at timestamp DEFAULT now()
    updated_at timestamp DEFAULT now()`,
  task_executions: `
    id uuid NOT NULL
    task_id uuid
    status character varying(50) DEFAULT 'running'::character varying
    started_at timestamp DEFAULT now()
    completed_at timestamp
    result jsonb
    error_message text
    execution_time integer`,
  task_schedules: `
    id uuid NOT NULL
    task_id uuid
    cron_expression character varying(255)
    timezone character varying(50) DEFAULT 'UTC'::character varying
    next_run_at timestamp
    is_active boolean DEFAULT true
    created_at timestamp DEFAULT now()`,
};

const EXCEPTIONS: Record<string, string> = {
  "workflow_executions.input_data jsonb": "workflow_executions.input_data text",
  "workflow_executions.output_data jsonb": "workflow_executions.output_data text",
  "task_executions.result jsonb": "task_executions.result text",
};

/** Column -> what it refers to. workflow_executions.workflow_id refers to nothing: see the decision. */
const REFERENCES: Record<string, string> = {
  "workflows.created_by": "users.id",
  "workflow_nodes.workflow_id": "workflows.id",
  "tasks.created_by": "users.id",
  "task_executions.task_id": "tasks.id",
  "task_schedules.task_id": "tasks.id",
};

after(() => client.end());
const { url } = await freshDatabase({ after }, migrate);
const client = new pg.Client({ connectionString: url });
await client.connect();

test("every column of the blueprint exists with its type and default", async () => {
  const columns = await columnsOf(Object.keys(BLUEPRINT));
  for (const [table, text] of Object.entries(BLUEPRINT)) {
    for (const line of text.trim().split("\n")) {
      const written = `${table}.${line.trim()}`;
      const expected = (EXCEPTIONS[written] ?? written).replace(/ timestamp\b/, " timestamp with time zone");
      assert.ok(columns.has(expected), `${expected} is missing; there is ${similar(columns, expected)}`);
    }
  }
});

test("every table of the blueprint has its primary key and its references", async () => {
  for (const table of Object.keys(BLUEPRINT)) {
    const { rows } = await client.query(
      "SELECT pg_get_constraintdef(oid) AS key FROM pg_constraint WHERE conrelid = $1::regclass AND contype = 'p'",
      [table],
    );
    assert.deepEqual(rows, [{ key: "PRIMARY KEY (id)" }], table);
  }
  const { rows } = await client.query<{ column: string; target: string }>(
    `SELECT c.conrelid::regclass || '.' || a.attname AS "column", c.confrelid::regclass || '.' || b.attname AS target
      FROM pg_constraint c
      CROSS JOIN LATERAL unnest(c.conkey, c.confkey) AS k (mine, theirs)
      JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.mine
      JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = k.theirs
      WHERE c.contype = 'f'`,
  );
  const found = new Map(rows.map((row) => [row.column, row.target]));
  for (const [column, target] of Object.entries(REFERENCES)) assert.equal(found.get(column), target, column);
});

async function columnsOf(tables: string[]): Promise<Set<string>> {
  const { rows } = await client.query<{ line: string }>(
    `SELECT a.attrelid::regclass || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
        || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
        || coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '') AS line
      FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      WHERE a.attrelid = ANY ($1::regclass[]) AND a.attnum > 0 AND NOT a.attisdropped`,
    [tables],
  );
  return new Set(rows.map((row) => row.line));
}

function similar(columns: Set<string>, expected: string): string {
  const name = expected.split(" ")[0] as string;
  return [...columns].find((column) => column.startsWith(`${name} `)) ?? "no such column";
}
