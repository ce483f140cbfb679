// What differs between two definitions, in the words a person uses: nodes added, removed and changed, and in these the
// fields. Where nodes stand on the canvas is no change.
import { isObject, type Json } from "@auraos/kernel";
import { connectionKey } from "../graph/connections.ts";
import { type Graph, type NodeDefinition, nameOf } from "../graph/graph.ts";

export type FieldChange = { field: string; before: Json | undefined; after: Json | undefined };
export type NodeChange = {
  id: string;
  name: string;
  type: string;
  kind: "added" | "removed" | "changed";
  fields: FieldChange[];
};
export type Comparison = {
  nodes: NodeChange[];
  wiresAdded: string[];
  wiresRemoved: string[];
  settings: FieldChange[];
};

export function compareGraphs(before: Graph, after: Graph): Comparison {
  const was = new Map(before.nodes.map((node) => [node.id, node]));
  const is = new Map(after.nodes.map((node) => [node.id, node]));
  const nodes = [
    ...after.nodes.flatMap((node): NodeChange[] => {
      const old = was.get(node.id);
      if (!old) return [change(node, "added", [])];
      const fields = fieldsOf(old, node);
      return fields.length === 0 ? [] : [change(node, "changed", fields)];
    }),
    ...before.nodes.filter((node) => !is.has(node.id)).map((node) => change(node, "removed", [])),
  ];
  const settings = differences("", settingsOf(before), settingsOf(after));
  return { nodes, ...wires(before, after), settings };
}

export function isEqual(comparison: Comparison): boolean {
  return Object.values(comparison).every((list) => list.length === 0);
}

function change(node: NodeDefinition, kind: NodeChange["kind"], fields: FieldChange[]): NodeChange {
  return { id: node.id, name: nameOf(node), type: node.type, kind, fields };
}

function fieldsOf(before: NodeDefinition, after: NodeDefinition): FieldChange[] {
  const { position: _, ...old } = before;
  const { position: __, ...next } = after;
  return differences("", old as Json, next as Json).map((one) => ({
    ...one,
    field: one.field.replace(/^config\./, ""),
  }));
}

/** Down to the single field; lists are compared as a whole, because their entries have no names. */
function differences(field: string, before: Json | undefined, after: Json | undefined): FieldChange[] {
  if (isObject(before) && isObject(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].flatMap((name) =>
      differences(field === "" ? name : `${field}.${name}`, before[name] as Json, after[name] as Json),
    );
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ field, before, after }];
}

function settingsOf({ nodes: _, connections: __, notes: ___, ...rest }: Graph): Json {
  return rest as unknown as Json;
}

function wires(before: Graph, after: Graph): Pick<Comparison, "wiresAdded" | "wiresRemoved"> {
  const words = (graph: Graph) => {
    const names = new Map(graph.nodes.map((node) => [node.id, nameOf(node)]));
    return new Map(
      graph.connections.map((one) => [
        connectionKey(one),
        `${names.get(one.from) ?? one.from}${one.port && one.port !== "main" ? ` (${one.port})` : ""} → ${names.get(one.to) ?? one.to}`,
      ]),
    );
  };
  const [was, is] = [words(before), words(after)];
  return {
    wiresAdded: [...is].filter(([key]) => !was.has(key)).map(([, text]) => text),
    wiresRemoved: [...was].filter(([key]) => !is.has(key)).map(([, text]) => text),
  };
}
