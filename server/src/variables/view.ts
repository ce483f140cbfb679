// A variable as the API shows it.
import type { Variable } from "@auraos/contract";
import type { VariableRow } from "./store.ts";

export function variableView(row: VariableRow): Variable {
  return {
    name: row.name,
    value: row.value,
    description: row.description,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
