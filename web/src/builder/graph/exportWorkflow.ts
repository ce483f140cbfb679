// The definition as a file that diffs well: one field a line.
import { stringify } from "yaml";
import type { Graph } from "./graph.ts";

export type FileFormat = "json" | "yaml";

export function exportWorkflow(graph: Graph, format: FileFormat = "json"): string {
  if (format === "json") return `${JSON.stringify(graph, null, 2)}\n`;
  return stringify(graph, { lineWidth: 110, aliasDuplicateObjects: false });
}
