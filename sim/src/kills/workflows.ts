// What runs while the server is killed: every way an execution can be under way. Each gives exactly one answer for
// its number, so that a lost or doubled step shows in the output.
import type { Json, NodeDefinition, WorkflowDefinition } from "@auraos/kernel";

export type Story = {
  definition: WorkflowDefinition;
  input: (id: number) => Json;
  output: (id: number) => Json;
};

export const CHILD = "kill child";
export const ITEMS = 4;
export const SIGNAL = "go";

const START: NodeDefinition = { id: "start", type: "trigger.manual", config: {} };

/** A call that changes something outside: repeatable under its key, or never to be repeated (`once`). */
export function effect(id: string, url: string, options: { isOnce?: boolean } = {}): NodeDefinition {
  return {
    id,
    type: "http",
    config: {
      method: "POST",
      url,
      body: { value: "{{ $json.value }}" },
      timeoutSeconds: 10,
      ...(options.isOnce === true ? {} : { idempotencyHeader: "Idempotency-Key" }),
    },
    // An unknown outcome is not looked into before the deadline of the call has passed.
    errorHandling: options.isOnce === true ? { timeoutMs: 2_000 } : { retry: { attempts: 5, delayMs: 100 } },
  };
}

export function set(id: string, fields: Record<string, Json>, parent?: string): NodeDefinition {
  return { id, type: "set", config: { fields }, ...(parent === undefined ? {} : { parent }) };
}

function chained(name: string, nodes: NodeDefinition[]): WorkflowDefinition {
  const top = nodes.filter((node) => node.parent === undefined);
  const connections = top.slice(1).map((node, at) => {
    const from = top[at] as NodeDefinition;
    const port = from.type === "foreach" ? "done" : from.type === "approval" ? "approved" : undefined;
    return { from: from.id, ...(port === undefined ? {} : { port }), to: node.id };
  });
  return { name, nodes, connections };
}

const numbered = (id: number): Json => ({ id, value: id });

export function storiesOf(recorderUrl: string): { child: WorkflowDefinition; stories: Story[] } {
  const at = (what: string, part = "{{ $('start').first().json.id }}") => `${recorderUrl}/${what}/${part}`;
  const sum: NodeDefinition = {
    id: "sum",
    type: "aggregate",
    config: { fields: [{ operation: "sum", field: "value", as: "value" }] },
  };
  const end: NodeDefinition = {
    id: "end",
    type: "set",
    config: { keep: false, fields: { id: "{{ $('start').first().json.id }}", value: "{{ $json.value }}" } },
  };
  const child = chained(CHILD, [
    START,
    effect("inner", at("child")),
    { id: "nap", type: "wait", config: { for: "duration", seconds: 0.2 } },
    end,
  ]);
  const stories: Story[] = [
    {
      definition: chained("kill chain", [
        START,
        effect("one", at("one")),
        effect("two", at("two")),
        effect("three", at("three")),
        end,
      ]),
      input: numbered,
      output: (id) => ({ id, value: id + 3 }),
    },
    {
      definition: chained("kill loop", [
        START,
        {
          id: "loop",
          type: "foreach",
          config: { items: `{{ [0, 1, 2, 3].map((n) => ({ n, value: n })) }}`, concurrency: 2 },
        },
        { ...effect("each", at("each", "{{ $('start').first().json.id }}-{{ $json.n }}")), parent: "loop" },
        sum,
        end,
      ]),
      input: numbered,
      output: (id) => ({ id, value: (ITEMS * (ITEMS - 1)) / 2 + ITEMS }),
    },
    {
      definition: chained("kill family", [
        START,
        { id: "child", type: "subworkflow", config: { workflow: CHILD } },
        effect("after", at("after")),
        end,
      ]),
      input: numbered,
      output: (id) => ({ id, value: id + 2 }),
    },
    {
      definition: chained("kill people", [
        START,
        effect("before", at("before")),
        { id: "ask", type: "approval", config: { title: "Go on?" } },
        { id: "take", type: "set", config: { keep: false, fields: { value: "{{ $json.item.value }}" } } },
        { id: "nap", type: "wait", config: { for: "duration", seconds: 0.3 } },
        effect("late", at("late")),
        end,
      ]),
      input: numbered,
      output: (id) => ({ id, value: id + 2 }),
    },
    {
      definition: chained("kill signal", [
        START,
        { id: "listen", type: "wait", config: { for: "signal", signal: SIGNAL } },
        effect("heard", at("heard")),
        end,
      ]),
      input: numbered,
      output: (id) => ({ id, value: 1_000_000 + id + 1 }),
    },
    {
      definition: chained("kill once", [START, effect("pay", at("pay"), { isOnce: true }), end]),
      input: numbered,
      output: (id) => ({ id, value: id + 1 }),
    },
  ];
  return { child, stories };
}
