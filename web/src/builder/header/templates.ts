// The examples of the repository, put into the app when it is built: what a person starts from is what the tests run.
import type { Graph } from "../graph/graph.ts";
import { importWorkflow } from "../graph/importWorkflow.ts";

export type Template = { id: string; graph: Graph };

const files = import.meta.glob<string>("../../../../examples/*/workflow.{json,yaml}", {
  query: "?raw",
  import: "default",
});

export async function listTemplates(): Promise<Template[]> {
  const read = Object.entries(files).map(async ([path, load]): Promise<Template[]> => {
    const imported = importWorkflow(await load());
    return imported.ok ? [{ id: path.split("/").at(-2) ?? path, graph: imported.graph }] : [];
  });
  return (await Promise.all(read)).flat().toSorted((a, b) => a.graph.nodes.length - b.graph.nodes.length);
}
