// Opens a workflow: the draft of the server, and what this browser remembers of it.
//   nothing remembered, or only older than the draft  -> the draft, an empty history
//   remembered and the draft is the same              -> the history goes on
//   remembered with unsaved changes on this draft     -> the changes go on, and are saved
//   remembered with unsaved changes on an older draft -> a conflict, for the person to decide
import type { ReplyOf } from "../../api/request.ts";
import { exportWorkflow } from "../graph/exportWorkflow.ts";
import type { Graph } from "../graph/graph.ts";
import { newHistory } from "../graph/history.ts";
import { arrange, needsArranging } from "../layout/arrange.ts";
import type { Catalogue } from "../types/nodeTypes.ts";
import { type Remembered, recall } from "./memory.ts";
import { type Builder, createBuilder } from "./store.ts";

export type Workflow = ReplyOf<"get /api/v1/workflows/:id">;

export async function startBuilder(workflow: Workflow, catalogue: Catalogue): Promise<Builder> {
  const stored = workflow.definition as Graph;
  const about = { workflowId: workflow.id, etag: workflow.etag, stored };
  const remembered = await recall(workflow.id);
  if (!remembered || isOutdated(remembered, workflow)) {
    const shown = needsArranging(stored, catalogue) ? await arrange(stored, catalogue) : stored;
    return createBuilder({ ...about, stored: shown, history: newHistory(shown) });
  }
  const { history } = remembered;
  // Saved on this very draft, it differs at most by places that were found for nodes without any: nobody's edit.
  const isKnown = remembered.isSaved && remembered.etag === workflow.etag;
  const isSame = isKnown || textOf(history.present) === textOf(stored);
  const builder = createBuilder({ ...about, history, stored: isSame ? history.present : stored });
  if (!isSame && remembered.etag !== workflow.etag) builder.set({ saving: "conflict" });
  return builder;
}

/** Everything was saved from here, and somebody went on elsewhere. */
function isOutdated({ history, etag, isSaved }: Remembered, workflow: Workflow): boolean {
  if (etag === workflow.etag || !isSaved) return false;
  return textOf(history.present) !== textOf(workflow.definition as Graph);
}

function textOf(graph: Graph): string {
  return exportWorkflow(graph);
}
