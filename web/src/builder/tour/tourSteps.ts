// The tour of the first workflow: where a person is follows from what is there, so it survives a reload, an undo and
// doing things in another order.
import type { Graph } from "../graph/graph.ts";
import type { Execution } from "../run/nodeStates.ts";
import type { Catalogue } from "../types/nodeTypes.ts";

export const tourSteps = ["trigger", "next", "field", "run", "publish"] as const;
export type TourStep = (typeof tourSteps)[number];

type Situation = {
  graph: Graph;
  catalogue: Catalogue;
  execution: Execution | undefined;
  isPublished: boolean;
};

/** The first step that is not done; undefined when all are. */
export function tourStep({ graph, catalogue, execution, isPublished }: Situation): TourStep | undefined {
  const structureOf = (type: string) => catalogue.find(type)?.structure;
  const triggers = new Set(
    graph.nodes.filter(({ type }) => structureOf(type) === "trigger").map(({ id }) => id),
  );
  if (triggers.size === 0) return "trigger";
  const follows = graph.connections.some(({ from }) => triggers.has(from));
  if (!follows) return "next";
  const hasExpression = graph.nodes.some(
    ({ id, config }) => !triggers.has(id) && JSON.stringify(config).includes("{{"),
  );
  if (!hasExpression) return "field";
  if (!isPublished && execution?.status !== "succeeded") return "run";
  return isPublished ? undefined : "publish";
}
