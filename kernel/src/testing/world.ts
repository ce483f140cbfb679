// Helpers of the kernel's tests: a few node types, an evaluator made of plain functions, and a world that plays
// activities by hand. Nothing here is part of the product.
import { compileFunction } from "node:vm";
import { advance } from "../advance.ts";
import type { Command } from "../commands.ts";
import { nextWake } from "../commandsOf.ts";
import { compile } from "../compile.ts";
import type { Connection, NodeDefinition, WorkflowDefinition, WorkflowSettings } from "../definition.ts";
import type { EvaluationScope, Evaluator } from "../evaluator.ts";
import type { Event, StartRecord } from "../events.ts";
import { evolve } from "../evolve.ts";
import type { Fact } from "../facts.ts";
import type { Failure } from "../failure.ts";
import type { Item } from "../item.ts";
import type { Json } from "../json.ts";
import type { NodeType } from "../nodeType.ts";
import type { Program } from "../program.ts";
import { type ExecutionState, isClosed, newState } from "../state.ts";

/** Evaluates `{{ ... }}` as JavaScript over the scope; for tests only, the product never does this. */
export const evaluator: Evaluator = {
  compileTemplate(source) {
    const whole = /^\{\{([\s\S]*)\}\}$/.exec(source);
    const body = whole?.[1] ?? "";
    if (body.includes("SYNTAX"))
      return {
        ok: false,
        problems: [{ code: "SYNTAX", message: "Cannot read this.", hint: "Correct it.", start: 3 }],
      };
    const nodes = [...body.matchAll(/\$\('([^']*)'\)/g)].map((match) => match[1] as string);
    const run = compileFunction(`return (${body});`, ["$json", "$items", "$", "$runIndex", "$itemIndex"]);
    const evaluate = (scope: EvaluationScope): Json | undefined => {
      const view = (name: string): object => {
        const node = scope.node(name);
        return {
          all: node?.items.map((item) => item.json),
          first: node?.items[0]?.json,
          item: item(node?.paired(scope.itemIndex)),
        };
      };
      return run(scope.items[scope.itemIndex]?.json, scope.items, view, scope.runIndex, scope.itemIndex) as
        | Json
        | undefined;
    };
    return {
      ok: true,
      template: {
        nodes,
        isConstant: false,
        usesItem: body.includes("$json") || body.includes(".item"),
        evaluate,
      },
    };
  },
};

function item(paired: Item | "ambiguous" | undefined): Json | undefined {
  if (paired === "ambiguous")
    throw Object.assign(new Error("ambiguous"), { code: "AMBIGUOUS_ITEM", start: 0 });
  return paired?.json;
}

const structural = (type: string, ports: string[], more: Partial<NodeType> = {}): NodeType => ({
  type,
  version: 1,
  category: "action",
  effect: "pure",
  per: "list",
  structure: type as NonNullable<NodeType["structure"]>,
  ports,
  ...more,
});

const activity = (
  type: string,
  effect: NodeType["effect"],
  per: NodeType["per"],
  more: Partial<NodeType> = {},
): NodeType => ({
  type,
  version: 1,
  category: "action",
  effect,
  per,
  ...more,
});

const TYPES: NodeType[] = [
  structural("trigger.manual", ["main"], { structure: "trigger", category: "trigger" }),
  structural("trigger.webhook", ["main"], { structure: "trigger", category: "trigger" }),
  structural("foreach", ["done", "error"], { lazyFields: ["items"] }),
  structural("while", ["done"], { lazyFields: ["condition"] }),
  structural("parallel", ["done"]),
  structural("try", ["done"]),
  structural("saga", ["done"]),
  structural("break", []),
  structural("continue", []),
  structural("wait", ["main", "timeout"]),
  structural("approval", ["approved", "rejected", "timeout"]),
  structural("subworkflow", ["main"]),
  structural("respond", ["main"], { onEmpty: "run" }),
  structural("stop", []),
  activity("read", "read", "item"),
  activity("call", "idempotent", "item"),
  activity("once", "once", "item"),
  activity("asked", "once", "item", { confirms: true }),
  activity("list", "idempotent", "list"),
  {
    type: "set",
    version: 1,
    category: "transform",
    effect: "pure",
    per: "item",
    evaluate: (call) => ({ main: { items: [{ json: (call.config.value ?? null) as Json }] } }),
  },
  {
    type: "if",
    version: 1,
    category: "condition",
    effect: "pure",
    per: "item",
    ports: ["true", "false"],
    lazyFields: ["condition"],
    evaluate: (call) => ({
      [call.at("condition", call.index) === true ? "true" : "false"]: { items: [...call.items] },
    }),
  },
  {
    type: "filter",
    version: 1,
    category: "condition",
    effect: "pure",
    per: "item",
    lazyFields: ["condition"],
    evaluate: (call) =>
      call.at("condition", call.index) === true ? { main: { items: [...call.items] } } : {},
  },
  {
    type: "count",
    version: 1,
    category: "transform",
    effect: "pure",
    per: "list",
    onEmpty: "run",
    evaluate: (call) => ({ main: { items: [{ json: call.items.length }] } }),
  },
  {
    type: "merge",
    version: 1,
    category: "transform",
    effect: "pure",
    per: "list",
    inputs: [{ name: "main" }, { name: "second", required: true }],
    evaluate: (call) => ({
      main: {
        items: [{ json: { main: call.inputs.main?.length ?? 0, second: call.inputs.second?.length ?? 0 } }],
      },
    }),
  },
];

const byType = new Map(TYPES.map((type) => [type.type, type]));
export const nodeTypes = (type: string): NodeType | undefined => byType.get(type);

type Short = Omit<NodeDefinition, "config"> & { config?: NodeDefinition["config"] };

/** `wires`: "a -> b", "a:port -> b", "a -> b:input". */
export function workflow(nodes: Short[], wires: string[], settings?: WorkflowSettings): WorkflowDefinition {
  const connections = wires.map((wire): Connection => {
    const [left, right] = wire.split("->").map((end) => end.trim()) as [string, string];
    const [from, port] = left.split(":") as [string, string | undefined];
    const [to, input] = right.split(":") as [string, string | undefined];
    return { from, to, ...(port ? { port } : {}), ...(input ? { input } : {}) };
  });
  return {
    name: "test",
    nodes: nodes.map((node) => ({ config: {}, ...node })),
    connections,
    ...(settings ? { settings } : {}),
  };
}

export function compiled(definition: WorkflowDefinition): Program {
  const result = compile(definition, nodeTypes, evaluator);
  if (!result.ok) throw new Error(JSON.stringify(result.problems, null, 1));
  return result.program;
}

type Answer = Json | Item[] | { fail: Partial<Failure> } | "hang";
export type Handler = (command: Command & { type: "RunActivity" }) => Answer;

/** Plays an execution to its end: activities are answered at once (or held), timers by jumping the clock. */
export class World {
  readonly program: Program;
  state: ExecutionState = newState();
  readonly facts: Fact[] = [];
  readonly calls: string[] = [];
  readonly children: (Command & { type: "StartChild" })[] = [];
  readonly cancelled: string[] = [];
  held: (Command & { type: "RunActivity" })[] = [];
  nowMs = 1_000;
  readonly handler: Handler;

  constructor(definition: WorkflowDefinition, handler: Handler = () => ({})) {
    this.program = compiled(definition);
    this.handler = handler;
  }

  start(input: Json[] = [{}], more: Partial<StartRecord> = {}): this {
    const start: StartRecord = {
      executionId: "e1",
      orgId: "o1",
      workflowId: "wf",
      workflowName: "test",
      versionId: "v1",
      mode: "production",
      seed: "seed",
      depth: 0,
      effectRoot: "e1",
      generation: 0,
      ...more,
    };
    return this.send({ type: "ExecutionStarted", start, items: input.map((json) => ({ json })) });
  }

  send(...events: Event[]): this {
    const turn = advance(this.program, this.state, events, this.nowMs);
    this.facts.push(...turn.facts);
    this.refused = turn.refused;
    for (const command of turn.commands) this.carryOut(command);
    if (turn.more) this.send();
    return this;
  }

  refused: { index: number; code: string }[] = [];

  carryOut(command: Command): void {
    if (command.type === "StartChild") this.children.push(command);
    if (command.type === "CancelActivity" || command.type === "CancelChild")
      this.cancelled.push(command.command);
    if (command.type !== "RunActivity") return;
    this.calls.push(command.confirm ? `confirm ${command.command}` : command.command);
    const answer = this.handler(command);
    if (answer === "hang") this.held.push(command);
    else this.answer(command, answer);
  }

  answer(command: Command & { type: "RunActivity" }, answer: Answer): this {
    const { command: id, attempt } = command;
    if (typeof answer === "object" && answer !== null && "fail" in answer) {
      const failure: Failure = {
        code: "FAILED",
        class: "server",
        message: "failed",
        ...(answer.fail as Partial<Failure>),
      };
      return this.send({ type: "ActivityFailed", command: id, attempt, failure });
    }
    const items =
      Array.isArray(answer) &&
      answer.every((entry) => typeof entry === "object" && entry !== null && "json" in entry)
        ? (answer as Item[])
        : [{ json: answer as Json }];
    return this.send({ type: "ActivitySucceeded", command: id, attempt, outputs: { main: { items } } });
  }

  /** Jumps to each next timer until nothing is due any more. */
  run(times = 1000): this {
    for (let count = 0; count < times && !isClosed(this.state); count++) {
      const wake = nextWake(this.state);
      if (wake === null) break;
      this.nowMs = Math.max(this.nowMs, wake);
      this.send();
    }
    return this;
  }

  /** The state that restoring from the recorded facts gives. */
  restored(): ExecutionState {
    const state = newState();
    for (const fact of JSON.parse(JSON.stringify(this.facts)) as Fact[]) evolve(this.program, state, fact);
    return state;
  }

  get output(): Json | undefined {
    return this.state.output;
  }
}
