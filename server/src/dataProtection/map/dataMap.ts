// The data map: every table and column of the schema, classified. A table or column that is missing here fails the test
// beside it, so nothing is added without saying what it holds. Search, export and erasure of a person follow the map.
import type { DataMap } from "@auraos/contract";
import type { TableEntry } from "./dataMap.types.ts";
import { executionTables } from "./executionTables.ts";
import { peopleTables } from "./peopleTables.ts";
import { securityTables } from "./securityTables.ts";
import { workTables } from "./workTables.ts";

export const dataMap: Readonly<Record<string, TableEntry>> = {
  ...executionTables,
  ...workTables,
  ...peopleTables,
  ...securityTables,
};

const personalKinds = new Set(["content", "setup", "actor", "person", "sealed"]);

/** As the API shows it, by name. */
export function dataMapView(): DataMap {
  const tables = Object.entries(dataMap).map(([table, { columns, ...about }]) => ({
    table,
    class: about.class,
    purpose: about.purpose,
    keeping: about.keeping,
    columns: Object.entries(columns).map(([column, kind]) => ({
      column,
      kind,
      personal: personalKinds.has(kind),
      encryption: encryptionOf(about, column, kind),
    })),
  }));
  return { tables: tables.sort((a, b) => (a.table < b.table ? -1 : 1)) };
}

function encryptionOf(
  { payloadKey }: Pick<TableEntry, "payloadKey">,
  column: string,
  kind: string,
): DataMap["tables"][number]["columns"][number]["encryption"] {
  if (payloadKey?.includes(column)) return "payloadKey";
  if (kind === "sealed") return "envelope";
  return kind === "secret" ? "hashOrWrapped" : "none";
}
