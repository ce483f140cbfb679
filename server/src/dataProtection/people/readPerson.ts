// Reads everything in which a person is named, place by place. Search, export and erasure stand on it.
import type { Blobs } from "../../blobs/blobs.types.ts";
import type { BodyCipher } from "../../engine/engine.types.ts";
import type { Pool } from "../../platform/db.ts";
import type { Matcher } from "./matcher.ts";
import { dataText, turnText } from "./openParts.ts";
import {
  type ExecutionPart,
  type FoundRow,
  findRows,
  listExecutionParts,
  listTurnParts,
  type TurnPart,
} from "./peopleStore.ts";
import { type SearchedTable, searchedTables, type TextColumn } from "./tables.ts";

export type PersonNeeds = { owner: Pool; blobs: Blobs; cipher: BodyCipher };

export type FoundExecution = {
  part: ExecutionPart;
  /** Opened; null = there is none, or it is not about the person. */
  input: string | null;
  output: string | null;
  turns: { turn: TurnPart; text: string }[];
};

const NO_ID = "00000000-0000-0000-0000-000000000000";

/** Executions that name the person: in the row, in what went in and came out, or in their history. */
export async function* executionsOf(
  { owner, cipher }: PersonNeeds,
  orgId: string,
  matcher: Matcher,
): AsyncGenerator<FoundExecution> {
  const has = (text: string | null | undefined): text is string =>
    text !== null && text !== undefined && matcher.maybe(text) && matcher.has(text);
  for (let after = NO_ID; ; ) {
    const parts = await listExecutionParts(owner, orgId, after);
    const turns = new Map<string, FoundExecution["turns"]>();
    const ids = parts.map(({ id }) => id);
    for await (const turn of listTurnParts(owner, orgId, ids)) {
      const text = await turnText(cipher, orgId, turn);
      if (!has(text)) continue;
      const known = turns.get(turn.executionId) ?? [];
      turns.set(turn.executionId, [...known, { turn, text }]);
    }
    for (const part of parts) {
      const input = await dataText(cipher, orgId, part, "input");
      const output = await dataText(cipher, orgId, part, "output");
      const found = {
        part,
        input: has(input) ? input : null,
        output: has(output) ? output : null,
        turns: turns.get(part.id) ?? [],
      };
      const isNamed = Object.values(part.texts).some(has);
      if (isNamed || found.input !== null || found.output !== null || found.turns.length > 0) yield found;
    }
    const last = parts.at(-1);
    if (last === undefined) return;
    after = last.id;
  }
}

export type FoundTableRow = {
  table: SearchedTable;
  row: FoundRow;
  columns: { column: TextColumn; text: string }[];
};

/** Rows of the other tables, with the columns in which the person is named. */
export async function* rowsOf(
  { owner }: PersonNeeds,
  orgId: string,
  matcher: Matcher,
): AsyncGenerator<FoundTableRow> {
  for (const table of await searchedTables(owner))
    for await (const row of findRows(owner, table, orgId, matcher.posix)) {
      const columns = table.columns.flatMap((column, index) => {
        const text = row.values[index];
        return text !== null && text !== undefined && matcher.has(text) ? [{ column, text }] : [];
      });
      if (columns.length > 0) yield { table, row, columns };
    }
}

/** Everything that one execution says, opened. */
export async function* textsOf(
  { owner, cipher }: PersonNeeds,
  orgId: string,
  part: ExecutionPart,
): AsyncGenerator<{ text: string; isData: boolean }> {
  for (const side of ["input", "output"] as const) {
    const text = await dataText(cipher, orgId, part, side);
    if (typeof text === "string") yield { text, isData: true };
  }
  for await (const turn of listTurnParts(owner, orgId, [part.id])) {
    const text = await turnText(cipher, orgId, turn);
    if (text !== undefined) yield { text, isData: false };
  }
}
