// The workflow of the acceptance story: fifty nodes with a loop in a loop, a fan-out and its join, a sub-workflow, a
// wait, an approval, and effects outside all along. Its output follows from its input alone.
import type { Connection, Json, NodeDefinition, WorkflowDefinition } from "@auraos/kernel";
import type { Story } from "./workflows.ts";
import { effect, set } from "./workflows.ts";

export const FIFTY_CHILD = "fifty child";
const BRANCHES = 8;
const ROWS = 3;
const COLUMNS = 4;

const START: NodeDefinition = { id: "start", type: "trigger.manual", config: {} };
const plusOne = { value: "{{ $json.value + 1 }}" };

export function fiftyNodes(recorderUrl: string): { child: WorkflowDefinition; story: Story } {
  const at = (what: string, part = "{{ $('start').first().json.id }}") => `${recorderUrl}/${what}/${part}`;
  const nodes: NodeDefinition[] = [START];
  const connections: Connection[] = [];
  let last: { id: string; port?: string } = START;
  /** In a row behind what came last. */
  const add = (...more: NodeDefinition[]) => {
    for (const node of more) {
      nodes.push(node);
      connections.push({ from: last.id, ...(last.port ? { port: last.port } : {}), to: node.id });
      last = { id: node.id };
    }
  };
  const row = (prefix: string, count: number, parent?: string) =>
    Array.from({ length: count }, (_, index) => set(`${prefix}${index + 1}`, plusOne, parent));

  add(...row("a", 5), effect("first", at("first")));

  // Fan out, join. Every other branch has an effect.
  for (let branch = 0; branch < BRANCHES; branch += 1) {
    const id = `b${branch}`;
    nodes.push(branch % 2 === 0 ? effect(id, at(id)) : set(id, plusOne));
    connections.push({ from: "first", to: id }, { from: id, to: "join" });
  }
  nodes.push({ ...sumOf("join"), join: "all" });
  last = { id: "join" };
  add(...row("c", 4));

  // A loop in a loop.
  add({ id: "rows", type: "foreach", config: { items: listOf("row", ROWS), concurrency: 2 } });
  nodes.push(
    set("row", { value: "{{ $json.row }}" }, "rows"),
    set("rowReady", plusOne, "rows"),
    {
      id: "columns",
      type: "foreach",
      parent: "rows",
      config: { items: listOf("column", COLUMNS), concurrency: 2 },
    },
    set("cell", { value: "{{ $json.column + $('row').first().json.row * 10 }}" }, "columns"),
    {
      ...effect(
        "mark",
        at(
          "mark",
          "{{ $('start').first().json.id }}-{{ $('row').first().json.row }}-{{ $('cell').first().json.column }}",
        ),
      ),
      parent: "columns",
    },
    { ...sumOf("rowSum"), parent: "rows" },
  );
  connections.push(
    { from: "row", to: "rowReady" },
    { from: "rowReady", to: "columns" },
    { from: "cell", to: "mark" },
    { from: "columns", port: "done", to: "rowSum" },
  );
  last = { id: "rows", port: "done" };
  add(sumOf("total"));
  add(set("plusJoin", { value: "{{ $json.value + $('c4').first().json.value }}" }), ...row("d", 4));

  add({ id: "child", type: "subworkflow", config: { workflow: FIFTY_CHILD } }, ...row("e", 2));
  add({ id: "nap", type: "wait", config: { for: "duration", seconds: 0.2 } });
  add({ id: "ask", type: "approval", config: { title: "Go on?" } });
  last = { id: "ask", port: "approved" };
  add(set("approved", { value: "{{ $json.item.value + 1 }}" }), effect("last", at("last")));
  add({ id: "isEven", type: "if", config: { condition: "{{ $json.value % 2 === 0 }}" } });
  nodes.push(set("even", { value: "{{ $json.value * 2 }}" }), set("odd", { value: "{{ $json.value * 3 }}" }));
  nodes.push({ id: "meet", type: "noop", config: {} });
  connections.push(
    { from: "isEven", port: "true", to: "even" },
    { from: "isEven", port: "false", to: "odd" },
    { from: "even", to: "meet" },
    { from: "odd", to: "meet" },
  );
  last = { id: "meet" };
  add(...row("f", 50 - nodes.length - 1));
  add({
    id: "end",
    type: "set",
    config: { keep: false, fields: { id: "{{ $('start').first().json.id }}", value: "{{ $json.value }}" } },
  });
  if (nodes.length !== 50) throw new Error(`${nodes.length} nodes`);
  const definition = { name: "fifty nodes", nodes, connections };
  return {
    child: childOf(at("child")),
    story: { definition, input: (id) => ({ id, value: id }), output: (id) => ({ id, value: expected(id) }) },
  };
}

function childOf(url: string): WorkflowDefinition {
  return {
    name: FIFTY_CHILD,
    nodes: [START, effect("inner", url), set("more", plusOne)],
    connections: [
      { from: "start", to: "inner" },
      { from: "inner", to: "more" },
    ],
  };
}

/** The same by hand. */
function expected(id: number): number {
  const first = id + 5 + 1;
  const joined = BRANCHES * (first + 1) + 4;
  let total = 0;
  for (let row = 0; row < ROWS; row += 1)
    for (let column = 0; column < COLUMNS; column += 1) total += column + row * 10 + 1;
  const approved = total + joined + 4 + 2 + 2 + 1 + 1;
  return (approved % 2 === 0 ? approved * 2 : approved * 3) + FILL;
}

/** Nodes that fill up to fifty, each adding one. */
const FILL = 5;

function sumOf(id: string): NodeDefinition {
  return {
    id,
    type: "aggregate",
    config: { fields: [{ operation: "sum", field: "value", as: "value" }] },
  };
}

function listOf(name: string, length: number): Json {
  const list = Array.from({ length }, (_, index) => index).join(", ");
  return `{{ [${list}].map((${name}) => ({ ${name} })) }}`;
}
