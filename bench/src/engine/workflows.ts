// The workflows that are measured, the same as those the peers ran.
import type { Connection, NodeDefinition, WorkflowDefinition } from "@auraos/kernel";

const TRIGGER: NodeDefinition = { id: "start", type: "trigger.manual", config: {} };

type Step = (id: string, step: number) => NodeDefinition;

export const effectStep: Step = (id, step) => ({ id, type: "bench.effect", config: { step } });
export const pureStep: Step = (id, step) => ({ id, type: "set", config: { fields: { [`s${step}`]: step } } });

/** Steps in a row (W1: ten effects). */
export function chain(name: string, steps: number, make: Step, trigger = TRIGGER): WorkflowDefinition {
  const nodes = [trigger];
  const connections: Connection[] = [];
  for (let step = 1; step <= steps; step += 1) {
    const id = `s${step}`;
    connections.push({ from: (nodes.at(-1) as NodeDefinition).id, to: id });
    nodes.push(make(id, step));
  }
  return { name, nodes, connections };
}

/** Branches that run at the same time, and one node that has them all (W2). */
export function fan(name: string, branches: number): WorkflowDefinition {
  const steps = Array.from({ length: branches }, (_, at) => effectStep(`b${at}`, at));
  const join: NodeDefinition = { id: "join", type: "noop", config: {}, join: "all" };
  return {
    name,
    nodes: [TRIGGER, ...steps, join],
    connections: steps.flatMap(({ id }) => [
      { from: "start", to: id },
      { from: id, to: "join" },
    ]),
  };
}

/** Waits for the moment in its input, then takes one step (W3). */
export function sleeper(name: string): WorkflowDefinition {
  return {
    name,
    nodes: [
      TRIGGER,
      { id: "sleep", type: "wait", config: { for: "until", until: "{{ $json.wakeAt }}" } },
      pureStep("after", 1),
    ],
    connections: [
      { from: "start", to: "sleep" },
      { from: "sleep", to: "after" },
    ],
  };
}

/** A request, three steps, an answer (W4). */
export function hook(name: string, path: string, make: Step): WorkflowDefinition {
  const trigger = {
    id: "hook",
    type: "trigger.webhook",
    config: { path, methods: ["POST"], respond: "whenDone" },
  };
  return chain(name, 3, make, trigger);
}

/** What every peer was given: some 270 bytes. */
export const PAYLOAD = {
  customer: "acme-gmbh",
  amount: 1234.56,
  currency: "EUR",
  note: "x".repeat(200),
};
