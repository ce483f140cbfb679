// Graphs and edits made from a seed, for the tests beside.
import fc from "fast-check";
import { duplicateNodes } from "../clipboard.ts";
import { connectNodes } from "../connections.ts";
import type { Graph, NodeDefinition, StickyNote } from "../graph.ts";
import { groupIntoBlock } from "../groupIntoBlock.ts";
import { renameNode } from "../names.ts";
import { createNode, moveNodes, removeNodes, setConfig } from "../nodes.ts";
import { addNote } from "../notes.ts";

const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom(
    "yes",
    "null",
    "1e3",
    "0x1f",
    "- a",
    "# no",
    "a: b",
    "{{ $json.a }}",
    "line\nline\n",
    " ",
    "~",
    "é\u202e",
    "2026-01-01",
  ),
);
const key = text.filter((one) => one !== "__proto__");
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { depthSize: "small" },
    text,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value)),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("json"), { maxLength: 4 }),
    fc.dictionary(key, tie("json"), { maxKeys: 4 }).map((one) => ({ ...one })),
  ),
}));

const point = fc.record({
  x: fc.integer({ min: -500, max: 5_000 }),
  y: fc.integer({ min: -500, max: 5_000 }),
});

const node = fc.record(
  {
    type: fc.constantFrom("set", "if", "http", "foreach", "unknown.thing"),
    config: fc.dictionary(key, json, { maxKeys: 5 }).map((one) => ({ ...one })),
    name: fc.string({ minLength: 1, maxLength: 40, unit: "grapheme" }),
    position: point,
    disabled: fc.boolean(),
    pinned: fc.array(json, { maxLength: 2 }),
    notes: text,
    futureField: json,
  },
  { requiredKeys: ["type", "config"] },
);

export const graphs: fc.Arbitrary<Graph> = fc
  .record({
    name: fc.string({ minLength: 1, maxLength: 60, unit: "grapheme" }).filter((one) => one.trim() !== ""),
    nodes: fc.array(node, { maxLength: 12 }),
    wires: fc.array(fc.tuple(fc.nat(11), fc.nat(11), fc.constantFrom(undefined, "main", "true")), {
      maxLength: 16,
    }),
    notes: fc.option(fc.array(fc.record({ text, position: point }), { maxLength: 3 })),
    futureSetting: json,
  })
  .map(
    ({ name, nodes, wires, notes, futureSetting }): Graph => ({
      name,
      nodes: nodes.map((one, index) => ({ id: `n${index}`, ...one }) as unknown as NodeDefinition),
      connections: wires
        .filter(([from, to]) => from < nodes.length && to < nodes.length)
        .map(([from, to, port]) => ({ from: `n${from}`, to: `n${to}`, ...(port ? { port } : {}) })),
      settings: { timezone: "Europe/Vienna", ...{ futureSetting } },
      ...(notes
        ? {
            notes: notes.map(
              (one, index): StickyNote => ({ id: `note-${index}`, width: 200, height: 100, ...one }),
            ),
          }
        : {}),
    }),
  )
  // As a file would give them: plain objects, no prototype of their own.
  .map((graph) => JSON.parse(JSON.stringify(graph)) as Graph);

/** Any edit; which nodes it touches follows from the numbers, so it fits every graph. */
export const edits: fc.Arbitrary<(graph: Graph) => Graph> = fc
  .record({
    kind: fc.nat(7),
    a: fc.nat(50),
    b: fc.nat(50),
    text: fc.string({ minLength: 1, maxLength: 8 }),
    value: json,
  })
  .map(({ kind, a, b, text: word, value }) => (graph: Graph) => {
    const id = (index: number) => graph.nodes[index % Math.max(1, graph.nodes.length)]?.id ?? "none";
    switch (kind) {
      case 0:
        return createNode(graph, { type: "set", name: word, position: { x: a, y: b } });
      case 1:
        return removeNodes(graph, [id(a)]);
      case 2:
        return connectNodes(graph, { from: id(a), to: id(b) });
      case 3:
        return moveNodes(graph, new Map([[id(a), { x: b, y: a }]]));
      case 4:
        return renameNode(graph, id(a), word);
      case 5:
        return setConfig(graph, id(a), { value: value as string });
      case 6:
        return (
          groupIntoBlock(graph, new Set([id(a)]), { type: "foreach", name: "Each", port: "done" })?.graph ??
          graph
        );
      default:
        return b % 2 ? addNote(graph, { x: a, y: b }) : duplicateNodes(graph, [id(a)]).graph;
    }
  });
