// From a plan to the definition that the engine runs: nodes and wires.
import type {
  Connection,
  Json,
  JsonObject,
  NodeDefinition,
  Section,
  WorkflowDefinition,
} from "@auraos/kernel";
import { ERROR_N, FALLBACK_N, MODULUS, type Plan, RESCUE_N, type Step, type Work } from "./plan.ts";

/** Where items come out. */
type End = { node: string; port?: string };
type Place = { parent?: string; section?: Section };
type Paper = { nodes: NodeDefinition[]; connections: Connection[] };

export function layOut(plan: Plan): WorkflowDefinition {
  const paper: Paper = { nodes: [{ id: "start", type: "trigger.manual", config: {} }], connections: [] };
  sequence(paper, plan.steps, [{ node: "start" }], {});
  return {
    name: plan.name,
    ...paper,
    settings: {
      ...(plan.timeoutMs === undefined ? {} : { timeoutMs: plan.timeoutMs }),
      ...(plan.errorWorkflow === undefined ? {} : { errorWorkflow: plan.errorWorkflow }),
      ...(plan.concurrency === undefined ? {} : { concurrency: plan.concurrency }),
    },
  };
}

function sequence(paper: Paper, steps: readonly Step[], from: End[], place: Place): End[] {
  let ends = from;
  for (const step of steps) ends = lay(paper, step, ends, place);
  return ends;
}

function lay(paper: Paper, step: Step, from: End[], place: Place): End[] {
  const { id } = step;
  const add = (type: string, config: JsonObject, more: Partial<NodeDefinition> = {}): End[] => {
    paper.nodes.push({ id, type, config, ...place, ...more });
    wire(paper, from, id);
    return [{ node: id }];
  };
  switch (step.kind) {
    case "set":
      return add("set", number(setTemplate(step)));
    case "work":
      return layWork(paper, step, add, place);
    case "filter":
      return add("filter", { condition: `{{ $json.n % ${step.modulus} !== ${step.rest} }}` });
    case "count":
      return add("aggregate", { fields: [{ operation: "count", as: "n" }] });
    case "route": {
      add(
        step.by,
        step.by === "if" ? { condition: "{{ $json.n % 2 === 0 }}" } : switchConfig(step.arms.length),
      );
      const ends = step.arms.flatMap((arm, index) =>
        sequence(paper, arm, [{ node: id, port: armPort(step.by, index) }], place),
      );
      return join(paper, step.join, ends, place);
    }
    case "fan": {
      const ends = step.arms.flatMap((arm) => sequence(paper, arm, from, place));
      paper.nodes.push({ id, type: "sim.join", config: {}, join: step.how, ...place });
      wire(paper, ends, id);
      return [{ node: id }];
    }
    case "foreach": {
      const done = add("foreach", foreachConfig(step));
      sequence(paper, step.body, [], { parent: id });
      if (step.onError !== "collect") return done;
      return join(
        paper,
        `${id}j`,
        [...done, ...constant(paper, `${id}e`, [{ node: id, port: "error" }], ERROR_N, place)],
        place,
      );
    }
    case "while":
      add("while", { condition: `{{ $runIndex < ${step.rounds} }}`, maxIterations: step.roundsMax });
      sequence(paper, step.body, [], { parent: id });
      return [{ node: id }];
    case "try":
      add("try", {});
      sequence(paper, step.body, [], { parent: id });
      if (step.rescue) {
        const caught = constant(paper, `${id}c`, [], RESCUE_N, { parent: id, section: "catch" });
        sequence(paper, step.rescue, caught, { parent: id, section: "catch" });
      }
      if (step.clean) {
        const cleaned = constant(paper, `${id}f`, [], 1, { parent: id, section: "finally" });
        sequence(paper, step.clean, cleaned, { parent: id, section: "finally" });
      }
      return [{ node: id }];
    case "parallel":
      add("parallel", {});
      for (const arm of step.arms) sequence(paper, arm, [], { parent: id });
      return [{ node: id }];
    case "saga":
      add("saga", {});
      sequence(paper, step.body, [], { parent: id });
      return [{ node: id }];
    case "pause":
      return add("wait", { for: "duration", seconds: step.seconds });
    case "signal": {
      const timeout = step.timeoutSeconds === undefined ? {} : { timeoutSeconds: step.timeoutSeconds };
      const ends = add("wait", { for: "signal", signal: `go-${id}`, ...timeout });
      if (step.timeoutSeconds === undefined) return ends;
      return join(paper, `${id}j`, [...ends, { node: id, port: "timeout" }], place);
    }
    case "approval": {
      const timeout = step.timeoutSeconds === undefined ? {} : { timeoutSeconds: step.timeoutSeconds };
      add("approval", { title: "Go on?", ...timeout });
      const answered = [
        { node: id, port: "approved" },
        { node: id, port: "rejected" },
      ];
      paper.nodes.push({ id: `${id}j`, type: "set", config: number("{{ $json.data.n }}"), ...place });
      wire(paper, answered, `${id}j`);
      if (step.timeoutSeconds === undefined) return [{ node: `${id}j` }];
      return join(paper, `${id}k`, [{ node: `${id}j` }, { node: id, port: "timeout" }], place);
    }
    case "sub":
      return add("subworkflow", { workflow: step.workflow, mode: step.mode });
    case "respond":
      return add("respond", {});
    case "stop":
      return add("stop", { message: "stopped" }) && [];
    case "jump":
      add("if", { condition: `{{ $json.n % ${step.modulus} === ${step.rest} }}` });
      paper.nodes.push({ id: `${id}b`, type: step.how, config: {}, ...place });
      wire(paper, [{ node: id, port: "true" }], `${id}b`);
      return [{ node: id, port: "false" }];
  }
}

type Add = (type: string, config: JsonObject, more?: Partial<NodeDefinition>) => End[];

function layWork(paper: Paper, step: Work, add: Add, place: Place): End[] {
  const { id } = step;
  const config: JsonObject = {
    salt: step.salt,
    ...(step.failRest === undefined ? {} : { failRest: step.failRest }),
    ...(step.per === "item" ? { n: "{{ $json.n }}" } : {}),
    ...(step.concurrency === undefined ? {} : { concurrency: step.concurrency }),
    ...(step.steps === undefined ? {} : { steps: step.steps }),
    ...(step.asks === undefined ? {} : { asks: step.asks }),
    ...(step.isPoisonous ? { poison: true } : {}),
    ...(step.isBig ? { big: true } : {}),
  };
  const ends = add(`sim.${step.effect}${step.per === "list" ? "List" : ""}`, config, {
    errorHandling: {
      retry: {
        attempts: 12,
        backoff: "exponential",
        delayMs: 100,
        factor: 1.5,
        delayMsMax: 3_000,
        jitter: 0.3,
      },
      timeoutMs: step.timeoutMs,
      onError: step.onError,
      ...(step.onError === "fallback" ? { fallback: { n: FALLBACK_N } } : {}),
    },
    ...(step.undone ? { compensate: `${id}u` } : {}),
  });
  if (step.undone) {
    const saga = place.parent as string;
    const undo: Work = {
      kind: "work",
      id: `${id}u`,
      effect: "idempotent",
      per: "item",
      salt: 1,
      onError: "fail",
      timeoutMs: 3_000,
    };
    lay(paper, { kind: "set", id: `${id}u`, times: 0, plus: 1 }, [], {
      parent: saga,
      section: "compensation",
    });
    lay(paper, { ...undo, id: `${id}v` }, [{ node: `${id}u` }], { parent: saga, section: "compensation" });
  }
  if (step.onError !== "errorPort") return ends;
  const failed = constant(paper, `${id}e`, [{ node: id, port: "error" }], ERROR_N, place);
  return join(paper, `${id}j`, [...ends, ...failed], place);
}

function join(paper: Paper, id: string, from: End[], place: Place): End[] {
  paper.nodes.push({ id, type: "sim.join", config: {}, ...place });
  wire(paper, from, id);
  return [{ node: id }];
}

/** Whatever arrives, items of one number leave. */
function constant(paper: Paper, id: string, from: End[], n: number, place: Place): End[] {
  paper.nodes.push({ id, type: "set", config: number(n), ...place });
  wire(paper, from, id);
  return [{ node: id }];
}

function wire(paper: Paper, from: readonly End[], to: string): void {
  for (const end of from)
    paper.connections.push({ from: end.node, ...(end.port ? { port: end.port } : {}), to });
}

function number(n: Json): JsonObject {
  return { fields: { n }, keep: false };
}

function setTemplate(step: Step & { kind: "set" }): string {
  const read = step.reads === undefined ? "" : ` + $('${step.reads}').item.json.n`;
  const own = step.times === 0 ? "" : `$json.n * ${step.times} + `;
  return `{{ (${own}${step.plus}${read}) % ${MODULUS} }}`;
}

function switchConfig(arms: number): JsonObject {
  const cases = Array.from({ length: arms - 1 }, (_, index) => ({ port: `p${index}`, equals: index }));
  return { value: `{{ $json.n % ${arms} }}`, cases, fallback: `p${arms - 1}` };
}

export function armPort(by: "if" | "switch", index: number): string {
  if (by === "switch") return `p${index}`;
  return index === 0 ? "true" : "false";
}

function foreachConfig(step: Step & { kind: "foreach" }): JsonObject {
  const elements = Array.from({ length: step.expand ?? 0 }, (_, index) => `{n: $json.n + ${index}}`);
  return {
    concurrency: step.concurrency,
    batchSize: step.batch,
    onError: step.onError,
    ...(step.expand === undefined ? {} : { items: `{{ [${elements.join(", ")}] }}` }),
  };
}
