// Puts nodes that stand in one body into a new block. Wires that would cross its border are led to the block's own
// input and from its own port.
import { connectionKey } from "./connections.ts";
import { type Connection, frameOf, type Graph, isSameFrame, outermost } from "./graph.ts";
import { createNode, frameFields, type NewNode } from "./nodes.ts";

export type Grouped = { graph: Graph; block: string };

/** Undefined when the nodes do not stand together. */
export function groupIntoBlock(
  graph: Graph,
  ids: ReadonlySet<string>,
  block: Omit<NewNode, "position" | "frame"> & { port: string },
): Grouped | undefined {
  const members = outermost(graph, ids);
  const [first] = members;
  if (!first || !members.every((node) => isSameFrame(frameOf(node), frameOf(first)))) return undefined;
  const places = members.map((node) => node.position ?? { x: 0, y: 0 });
  const corner = { x: Math.min(...places.map(({ x }) => x)), y: Math.min(...places.map(({ y }) => y)) };
  const withBlock = createNode(graph, { ...block, position: corner, frame: frameOf(first) });
  const id = withBlock.nodes.at(-1)?.id ?? "";
  const inside = new Set(members.map((node) => node.id));
  const nodes = withBlock.nodes.map((node) => {
    if (!inside.has(node.id)) return node;
    const { parent: _, section: __, ...rest } = node;
    const { x, y } = node.position ?? { x: 0, y: 0 };
    return {
      ...rest,
      ...frameFields({ parent: id, section: "body" }),
      position: { x: x - corner.x, y: y - corner.y },
    };
  });
  const wires = withBlock.connections.map((one): Connection => {
    const leaves = inside.has(one.from) && !inside.has(one.to);
    const enters = !inside.has(one.from) && inside.has(one.to);
    if (leaves)
      return {
        from: id,
        ...(block.port === "main" ? {} : { port: block.port }),
        to: one.to,
        ...(one.input ? { input: one.input } : {}),
      };
    return enters ? { from: one.from, ...(one.port ? { port: one.port } : {}), to: id } : one;
  });
  const connections = [...new Map(wires.map((one) => [connectionKey(one), one])).values()];
  return { graph: { ...withBlock, nodes, connections }, block: id };
}
