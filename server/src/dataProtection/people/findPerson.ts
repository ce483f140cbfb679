// Where a person is found: how often, in which class of data, with a few examples. Changes nothing.
import type { Identifier, SubjectReport } from "@auraos/contract";
import { filesOf, isIn } from "./files.ts";
import { createMatcher } from "./matcher.ts";
import { findAccounts, findAuditEntries, findTableRows } from "./peopleStore.ts";
import { executionsOf, type PersonNeeds, rowsOf } from "./readPerson.ts";

const EXAMPLES_MAX = 5;
type Place = SubjectReport["places"][number];

export async function findPerson(
  needs: PersonNeeds,
  orgId: string,
  identifiers: readonly Identifier[],
): Promise<SubjectReport> {
  const matcher = createMatcher(identifiers);
  const places = new Map<string, Place>();
  const note = (about: Omit<Place, "count" | "examples">, id: string, text: string) => {
    const name = `${about.table} ${about.isErasable}`;
    const place = places.get(name) ?? { ...about, count: 0, examples: [] };
    place.count += 1;
    if (place.examples.length < EXAMPLES_MAX) place.examples.push({ id, text: matcher.around(text) });
    places.set(name, place);
  };
  const execution = { class: "execution", table: "workflow_executions", isErasable: true };
  for await (const { part, input, output, turns } of executionsOf(needs, orgId, matcher)) {
    const texts = [input, output, ...turns.map(({ text }) => text), ...Object.values(part.texts)];
    note(execution, part.id, texts.find((text) => text !== null && matcher.has(text)) ?? "");
  }
  for await (const { table, row, columns } of rowsOf(needs, orgId, matcher)) {
    const [first] = columns;
    const isErasable = columns.some(({ column }) => column.kind !== "setup");
    if (first) note({ class: table.class, table: table.table, isErasable }, row.id, first.text);
  }
  for (const row of await findTableRows(needs.owner, orgId, matcher.posix)) {
    const text = JSON.stringify(row.data);
    if (matcher.has(text))
      note({ class: "table", table: "data_table_rows", isErasable: true }, `${row.table} ${row.id}`, text);
  }
  for await (const file of filesOf(needs.blobs, orgId))
    if (isIn(matcher, file))
      note({ class: "payload", table: "files", isErasable: true }, file.id, file.text ?? "");
  for (const { seq, entry } of await findAuditEntries(needs.owner, orgId, matcher.posix))
    if (matcher.has(entry))
      note({ class: "audit", table: "audit_entries", isErasable: false }, String(seq), entry);
  const accounts = await findAccounts(needs.owner, orgId, namesOf(identifiers));
  for (const { id, name, email } of accounts)
    note({ class: "identity", table: "users", isErasable: true }, id, `${name ?? ""} <${email ?? ""}>`);
  const all = [...places.values()];
  return {
    places: all,
    found: all.reduce((sum, { count }) => sum + count, 0),
    account: accounts[0]?.id ?? null,
  };
}

/** What an account can be found by. */
export function namesOf(identifiers: readonly Identifier[]): string[] {
  return identifiers.filter(({ kind }) => kind === "email" || kind === "id").map(({ value }) => value.trim());
}
