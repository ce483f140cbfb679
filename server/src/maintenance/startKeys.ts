// Keys that follow from the input of a start: of its workflow's places (`settings.concurrency.key`) and of its share of
// pools (`fairKey` of its limits). Evaluated once, when it starts; a start that waits carries what came of it.
import type { Evaluator, Item, Template } from "@auraos/kernel";
import type { Engine, StartRequest, StartResult } from "../engine/engine.types.ts";
import type { Programs } from "../workflows/programs.ts";

const KEY_MAX = 200;
const KEPT_MAX = 500;

export type StartKeys = {
  /** Throws an error with `code` and `message` when the expression fails. */
  evaluate(text: string, items: readonly Item[]): string;
  /** The problem of a text that is no expression; undefined = it is one. */
  problemOf(text: string): string | undefined;
};

export function createStartKeys(evaluator: Evaluator, nowMs: () => number): StartKeys {
  const compiled = new Map<string, Template | { problem: string }>();
  return {
    evaluate(text, items) {
      const template = compile(text);
      if ("problem" in template) throw new Error(template.problem);
      const value = template.evaluate({
        items: [...items],
        itemIndex: 0,
        runIndex: 0,
        node: () => undefined,
        vars: {},
        execution: {},
        workflow: {},
        nowMs: nowMs(),
        zone: "UTC",
        seed: "start",
      });
      const key = typeof value === "string" ? value : JSON.stringify(value ?? null);
      return key.toWellFormed().replaceAll("\0", "").slice(0, KEY_MAX);
    },
    problemOf(text) {
      const template = compile(text);
      return "problem" in template ? template.problem : undefined;
    },
  };

  function compile(text: string): Template | { problem: string } {
    const known = compiled.get(text);
    if (known) return known;
    const result = evaluator.compileTemplate(text, { mode: "lenient" });
    const made = result.ok ? result.template : { problem: result.problems[0]?.message ?? "no expression" };
    if (compiled.size >= KEPT_MAX) compiled.clear();
    compiled.set(text, made);
    return made;
  }
}

/** Every start knows the key of its places before the engine sees it. */
export function withConcurrencyKeys(
  engine: Engine,
  programs: Pick<Programs, "definitionOf">,
  keys: StartKeys,
): Engine {
  return { ...engine, start };

  async function start(request: StartRequest) {
    const found = await programs.definitionOf(request.versionId);
    const text = found?.definition.settings?.concurrency?.key;
    if (text === undefined || request.concurrencyKey !== undefined) return engine.start(request);
    const key = keyOf(text, request);
    return typeof key === "string" ? engine.start({ ...request, concurrencyKey: key }) : key;
  }

  function keyOf(text: string, { workflowName, items }: StartRequest): string | StartResult {
    try {
      return keys.evaluate(text, items);
    } catch (error) {
      return {
        kind: "refused",
        code: "CONCURRENCY_KEY_INVALID",
        message: `The key of "${workflowName}" cannot be made of this input: ${(error as Error).message}`,
        remedy: "Correct `settings.concurrency.key`, or send what it reads.",
      };
    }
  }
}
