// The same graph as a list: every node in the order of the wires, with what leads to it and what follows, for those who
// cannot or will not use a canvas.
import { CornerDownRight, Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button.tsx";
import { StatusIcon, type StatusName } from "../../ui/Status.tsx";
import { nextPort } from "../canvas/actions.ts";
import { type Graph, type NodeDefinition, nameOf } from "../graph/graph.ts";
import { usePalette } from "../palette/usePalette.ts";
import { useNodeStates } from "../run/useNodeStates.ts";
import { useBuilder, useCatalogue, useGraph, useProblems } from "../state/BuilderContext.tsx";
import { iconOf } from "../types/nodeIcons.ts";
import { summaryOf } from "../types/summary.ts";
import { tintOf } from "../types/tintOf.ts";

export function ListView() {
  const { t } = useTranslation("builder");
  const graph = useGraph();
  const palette = usePalette();
  const rows = inOrder(graph);
  return (
    <div id="builder-canvas" tabIndex={-1} className="min-h-0 flex-1 overflow-y-auto p-4 outline-none">
      <ol aria-label={t("list.label")} className="mx-auto grid max-w-3xl gap-1.5">
        {rows.map(({ node, depth }) => (
          <Row key={node.id} node={node} depth={depth} />
        ))}
      </ol>
      <div className="mx-auto mt-3 max-w-3xl">
        <Button onClick={() => palette.openAnywhere()}>
          <Plus aria-hidden className="size-4" />
          {t("toolbar.add")}
        </Button>
      </div>
    </div>
  );
}

function Row({ node, depth }: { node: NodeDefinition; depth: number }) {
  const { t } = useTranslation("builder");
  const graph = useGraph();
  const builder = useBuilder();
  const catalogue = useCatalogue();
  const palette = usePalette();
  const state = useNodeStates().get(node.id);
  const problems = useProblems().filter((one) => one.node === node.id).length;
  const view = catalogue.find(node.type);
  const Icon = iconOf(view);
  const port = nextPort(graph, catalogue, node.id);
  const names = (ids: readonly string[]) =>
    graph.nodes
      .filter((one) => ids.includes(one.id))
      .map(nameOf)
      .join(", ");
  const before = names(graph.connections.filter(({ to }) => to === node.id).map(({ from }) => from));
  const after = graph.connections
    .filter(({ from }) => from === node.id)
    .map(({ port: one, to }) =>
      [one === undefined || one === "main" ? "" : `${one}: `, names([to])].join(""),
    );
  const details = [
    view?.name ?? node.type,
    summaryOf(node.type, node.config),
    node.section && node.section !== "body" ? t(`sections.${node.section}`) : "",
    before && t("list.after", { names: before }),
    after.length > 0 && t("list.before", { names: after.join(", ") }),
    problems > 0 && t("canvas.problems", { count: problems }),
  ];
  return (
    <li
      style={{ marginInlineStart: depth * 24 }}
      className="flex items-center gap-2 rounded-lg border border-line-strong bg-panel px-3 py-2"
    >
      {depth > 0 && <CornerDownRight aria-hidden className="size-3.5 text-faint rtl:-scale-x-100" />}
      <span className={`grid size-8 shrink-0 place-items-center rounded-md ${tintOf(view)}`}>
        <Icon aria-hidden className="size-4" strokeWidth={1.75} />
      </span>
      <button
        type="button"
        onClick={() => builder.open(node.id)}
        className="min-w-0 flex-1 rounded-sm text-start"
      >
        <span className="block font-medium">{nameOf(node)}</span>
        <span className="block text-muted text-xs">{details.filter(Boolean).join(" · ")}</span>
      </button>
      {state && <StatusIcon status={state.status as StatusName} />}
      {port !== undefined && (
        <Button size="small" tone="quiet" onClick={() => palette.openAfter(node.id, port)}>
          <Plus aria-hidden className="size-3.5" />
          {t("list.next")}
          <span className="sr-only">{nameOf(node)}</span>
        </Button>
      )}
    </li>
  );
}

/** Along the wires, what is inside a block right below it. */
export function inOrder(graph: Graph): { node: NodeDefinition; depth: number }[] {
  const rows: { node: NodeDefinition; depth: number }[] = [];
  const seen = new Set<string>();
  const visit = (node: NodeDefinition | undefined, depth: number): void => {
    if (!node || seen.has(node.id)) return;
    seen.add(node.id);
    rows.push({ node, depth });
    walkFrame(node.id, depth + 1);
    for (const { from, to } of graph.connections)
      if (from === node.id)
        visit(
          graph.nodes.find((one) => one.id === to),
          depth,
        );
  };
  const walkFrame = (parent: string | undefined, depth: number): void => {
    const members = graph.nodes.filter((node) => node.parent === parent);
    const targets = new Set(graph.connections.map(({ to }) => to));
    for (const node of members.filter(({ id }) => !targets.has(id))) visit(node, depth);
    for (const node of members) visit(node, depth);
  };
  walkFrame(undefined, 0);
  for (const node of graph.nodes) visit(node, 0);
  return rows;
}
