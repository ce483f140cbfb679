// Hands the definition to the browser as a file.
import { exportWorkflow, type FileFormat } from "../graph/exportWorkflow.ts";
import type { Graph } from "../graph/graph.ts";

export function downloadWorkflow(graph: Graph, format: FileFormat): void {
  const blob = new Blob([exportWorkflow(graph, format)], { type: `application/${format}` });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${graph.name.replaceAll(/[^\p{L}\p{N}_-]+/gu, "-").slice(0, 80) || "workflow"}.${format}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
