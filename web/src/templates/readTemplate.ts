// The examples of the repository, put into the app when it is built: what a person starts from is what the tests run. A
// definition is read when it is chosen, and the reader of files comes with the first one.
import type { Graph } from "../builder/graph/graph.ts";
import type { TemplateId } from "./templates.ts";

const files = import.meta.glob<string>("../../../examples/*/workflow.{json,yaml}", {
  query: "?raw",
  import: "default",
});

export async function readTemplate(id: TemplateId): Promise<Graph> {
  const load =
    files[`../../../examples/${id}/workflow.json`] ?? files[`../../../examples/${id}/workflow.yaml`];
  if (!load) throw new Error(`The example ${id} is not in this build.`);
  const [{ importWorkflow }, text] = await Promise.all([
    import("../builder/graph/importWorkflow.ts"),
    load(),
  ]);
  const imported = importWorkflow(text);
  if (!imported.ok) throw new Error(`The example ${id} cannot be read: ${imported.problems[0]?.message}`);
  return imported.graph;
}
