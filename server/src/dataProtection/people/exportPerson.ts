// Everything about one person as a ZIP of JSON files: what Article 15 of the GDPR asks for, in a form that other programs
// read. It holds what names the person; keys, secrets and other people's accounts are not in it.
import type { Identifier } from "@auraos/contract";
import { writeZip, type ZipEntry } from "@auraos/nodes/archive/writeZip.ts";
import { filesOf, isIn } from "./files.ts";
import { namesOf } from "./findPerson.ts";
import { createMatcher } from "./matcher.ts";
import { findAccounts, findAuditEntries, findTableRows } from "./peopleStore.ts";
import { executionsOf, type PersonNeeds, rowsOf } from "./readPerson.ts";

export async function exportPerson(
  needs: PersonNeeds,
  orgId: string,
  identifiers: readonly Identifier[],
  nowMs: number,
): Promise<Buffer> {
  const matcher = createMatcher(identifiers);
  const entries: ZipEntry[] = [];
  const counts: Record<string, number> = {};
  const add = (place: string, name: string, value: unknown) => {
    counts[place] = (counts[place] ?? 0) + 1;
    const text = typeof value === "string" ? value : `${JSON.stringify(value, null, 2)}\n`;
    entries.push({ path: `${place}/${name}`, bytes: Buffer.from(text) });
  };
  for await (const { part, input, output, turns } of executionsOf(needs, orgId, matcher)) {
    add("executions", `${part.id}.json`, {
      id: part.id,
      ...part.texts,
      input: json(input),
      output: json(output),
      history: turns.map(({ turn, text }) => ({ seq: turn.seq, facts: json(text) })),
    });
  }
  const tables = new Map<string, unknown[]>();
  for await (const { table, row, columns } of rowsOf(needs, orgId, matcher)) {
    const fields = columns.map(({ column, text }) => [column.name, json(text)]);
    tables.set(table.table, [
      ...(tables.get(table.table) ?? []),
      { row: row.id, ...Object.fromEntries(fields) },
    ]);
  }
  for (const [table, rows] of tables) add("records", `${table}.json`, rows);
  const rows = (await findTableRows(needs.owner, orgId, matcher.posix)).filter(({ data }) =>
    matcher.has(JSON.stringify(data)),
  );
  if (rows.length > 0) add("records", "data_table_rows.json", rows);
  for await (const file of filesOf(needs.blobs, orgId))
    if (isIn(matcher, file)) add("files", `${file.id}.txt`, file.text ?? "");
  const audit = (await findAuditEntries(needs.owner, orgId, matcher.posix)).filter(({ entry }) =>
    matcher.has(entry),
  );
  if (audit.length > 0)
    add(
      "records",
      "audit.json",
      audit.map(({ seq, entry }) => ({ seq, ...entryOf(entry) })),
    );
  const accounts = await findAccounts(needs.owner, orgId, namesOf(identifiers));
  if (accounts.length > 0)
    add(
      "records",
      "account.json",
      accounts.map(({ id, name, email, role }) => ({ id, name, email, role })),
    );
  const about = { exportedAt: new Date(nowMs).toISOString(), organization: orgId, identifiers, counts };
  return writeZip(
    [{ path: "export.json", bytes: Buffer.from(`${JSON.stringify(about, null, 2)}\n`) }, ...entries],
    nowMs,
  );
}

function json(text: string | null): unknown {
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function entryOf(entry: string): object {
  const value = json(entry);
  return typeof value === "object" && value !== null ? value : { entry };
}
