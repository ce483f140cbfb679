// Ids and names: unique, readable, and followed where expressions use them.
import type { Json, JsonObject } from "@auraos/kernel";
import { type Graph, mapNodes, type NodeDefinition, nameOf } from "./graph.ts";

export function freeId(base: string, taken: ReadonlySet<string>): string {
  const stem =
    base
      .replaceAll(/[^A-Za-z0-9_-]+/g, "-")
      .replaceAll(/^-+|-+$/g, "")
      .slice(0, 56) || "node";
  return firstFree(stem, taken, (count) => `${stem}-${count}`);
}

export function freeName(base: string, taken: ReadonlySet<string>): string {
  const stem = base.replace(/ \d+$/, "").slice(0, 240);
  return firstFree(base, taken, (count) => `${stem} ${count}`);
}

function firstFree(first: string, taken: ReadonlySet<string>, next: (count: number) => string): string {
  let name = first;
  for (let count = 2; taken.has(name); count++) name = next(count);
  return name;
}

export function takenIds(graph: Graph): Set<string> {
  return new Set(graph.nodes.map((node) => node.id));
}

export function takenNames(graph: Graph): Set<string> {
  return new Set(graph.nodes.map(nameOf));
}

/** The name, and every `$('Old name')` in the expressions of all nodes. */
export function renameNode(graph: Graph, id: string, name: string): Graph {
  const node = graph.nodes.find((one) => one.id === id);
  const wanted = name.trim().slice(0, 255);
  if (!node || wanted === "" || wanted === nameOf(node)) return graph;
  const names = new Map([[nameOf(node), wanted]]);
  return mapNodes(graph, (one) => {
    const followed = withNamesReplaced(one, names);
    return one.id === id ? { ...followed, name: wanted } : followed;
  });
}

/** Names used in expressions, exchanged all at once (so that two nodes may swap theirs). */
export function withNamesReplaced(node: NodeDefinition, names: ReadonlyMap<string, string>): NodeDefinition {
  if (names.size === 0) return node;
  const config = replaceIn(node.config, names) as JsonObject;
  return config === node.config ? node : { ...node, config };
}

function replaceIn(value: Json, names: ReadonlyMap<string, string>): Json {
  if (typeof value === "string") return value.includes("{{") ? replaceInText(value, names) : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const next = value.map((one) => replaceIn(one, names));
    return next.some((one, index) => one !== value[index]) ? next : value;
  }
  const entries = Object.entries(value).map(([key, one]): [string, Json] => [key, replaceIn(one, names)]);
  return entries.some(([key, one]) => one !== value[key]) ? Object.fromEntries(entries) : value;
}

const reference = /\$\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*\)/g;

function replaceInText(text: string, names: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\{\{[\s\S]*?\}\}/g, (hole) =>
    hole.replaceAll(reference, (whole, single: string | undefined, double: string | undefined) => {
      const name = names.get(unescaped(single ?? double ?? ""));
      return name === undefined ? whole : `$('${name.replaceAll(/[\\']/g, "\\$&")}')`;
    }),
  );
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/g, "$1");
}
