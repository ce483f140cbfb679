// A subscription in memory: does it want this event, and in which lane does the event stand.
import type { Evaluator, Json, JsonObject, Template } from "@auraos/kernel";
import type { Flow, StoredEvent, SubscriptionRow, SubscriptionSpec } from "./bus.types.ts";
import { typeMatcher } from "./match.ts";

export type Subscription = {
  row: SubscriptionRow;
  spec: SubscriptionSpec;
  isType(type: string): boolean;
  wants(event: StoredEvent): Wanted;
};

export type Wanted = { wanted: false } | { wanted: true; key: string } | { code: string; reason: string };

const no: Wanted = { wanted: false };
const KEY_MAX = 200;

export function compileSubscription(row: SubscriptionRow, evaluator: Evaluator): Subscription {
  const spec = JSON.parse(row.spec) as SubscriptionSpec;
  const isType = typeMatcher(spec.types);
  const workflows = spec.workflows === undefined ? undefined : new Set(spec.workflows);
  const filter = compiled(evaluator, spec.filter);
  const key = compiled(evaluator, spec.key);
  return { row, spec, isType, wants };

  function wants(event: StoredEvent): Wanted {
    if (spec.source !== undefined && spec.source !== event.source) return no;
    if (!isType(event.type)) return no;
    const data = event.json.data as JsonObject | undefined;
    if (isOfExecution(event.type)) {
      // What a workflow does never starts itself.
      if (data?.workflowId === row.workflowId) return no;
      if (workflows && !workflows.has(String(data?.workflowId)) && !workflows.has(String(data?.workflowName)))
        return no;
    }
    try {
      if (filter !== undefined) {
        const result = evaluate(filter, event);
        if (result === false || result === null || result === undefined) return no;
        if (result !== true)
          return { code: "FILTER_NOT_BOOLEAN", reason: "The filter gave neither true nor false." };
      }
      return { wanted: true, key: keyOf(event) };
    } catch (error) {
      const { code = "EXPRESSION_FAILED", message = "The expression failed." } = error as {
        code?: string;
        message?: string;
      };
      return { code, reason: message };
    }
  }

  function keyOf(event: StoredEvent): string {
    const value =
      key === undefined ? (event.json.partitionkey ?? event.json.subject ?? "") : evaluate(key, event);
    const text = typeof value === "string" ? value : JSON.stringify(value ?? null);
    return text.toWellFormed().replaceAll("\0", "").slice(0, KEY_MAX);
  }
}

export function isOfExecution(type: string): boolean {
  return type.startsWith("auraos.execution.");
}

/** Does anything but the next event of the same lane decide when an event starts? */
export function isDirect({ flow }: Flow): boolean {
  return flow === "each" || flow === "rateLimit";
}

function compiled(evaluator: Evaluator, text: string | undefined): Template | undefined {
  if (text === undefined) return undefined;
  const result = evaluator.compileTemplate(text, { mode: "lenient" });
  // Checked when it was published; a release that no longer understands it says so for every event.
  if (!result.ok)
    return {
      nodes: [],
      isConstant: false,
      usesItem: true,
      evaluate: () => {
        throw Object.assign(new Error(result.problems[0]?.message), { code: result.problems[0]?.code });
      },
    };
  return result.template;
}

function evaluate(template: Template, event: StoredEvent): Json | undefined {
  return template.evaluate({
    items: [{ json: event.json }],
    itemIndex: 0,
    runIndex: 0,
    node: () => undefined,
    vars: {},
    execution: {},
    workflow: {},
    nowMs: event.receivedMs,
    zone: "UTC",
    seed: "event",
  });
}
