// The tables of AuraOS as a dump sees them: without partitions (their rows come through the parent), with the columns that
// can be written. Tables refer to each other in circles, so no order of loading satisfies every reference: references are
// set aside while rows are loaded and made again, checked, at the end.
import type { ClientBase } from "pg";

export type DumpTable = {
  /** As an SQL name, quoted where needed. */
  name: string;
  columns: { name: string; type: string }[];
  /** Identity column, whose counter has to follow. */
  identity: string | null;
};

export async function listDumpTables(client: ClientBase): Promise<DumpTable[]> {
  const { rows } = await client.query<DumpTable>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name,
       (SELECT json_agg(json_build_object('name', quote_ident(a.attname), 'type', format_type(a.atttypid, a.atttypmod))
          ORDER BY a.attnum) FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns,
       (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attidentity <> '' LIMIT 1) AS identity
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname IN ('public', 'auth')
       AND c.relowner = 'auraos_owner'::regrole AND c.relname <> 'schema_migrations'
     ORDER BY name`,
  );
  return rows;
}

/** Gives the statements that make them again. */
export async function setReferencesAside(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ drop: string; make: string }>(
    `SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS drop,
       format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS make
     FROM pg_constraint WHERE contype = 'f' AND conparentid = 0
       AND connamespace IN ('public'::regnamespace, 'auth'::regnamespace)
     ORDER BY conrelid::regclass::text, conname`,
  );
  for (const { drop } of rows) await client.query(drop);
  return rows.map(({ make }) => make);
}
