// Carries out a tool call of the model. What the model did wrong it is told, and may try again within its caps; a
// service in trouble fails the node, so that the engine retries instead of the model inventing an answer.
//
// Each call is a step that is recorded. A call that changes something and whose outcome is not recorded is not made
// again: a person decides. So is a call that a person must allow.
import { isObject, type Json, type JsonObject } from "@auraos/kernel";
import { ActivityError } from "../../defineNode.ts";
import type { Steps } from "../../steps.ts";
import { mistakesOf } from "../../validate/jsonSchema.ts";
import { shorten } from "../failure.ts";
import type { ToolCall } from "../openModel.ts";
import { type AgentTool, isCertainlyNotDone, type Used } from "./attachedTools.ts";

/** One line of what an agent did, for the result and the history. */
export type Step = {
  tool: string;
  arguments: Json;
  status?: number;
  mistake?: string;
  repeated?: true;
  /** A person allowed it. */
  allowed?: true;
};

export type Toolbox = { use(call: ToolCall): Promise<{ step: Step; content: string }> };

export function createToolbox(tools: readonly AgentTool[], steps: Steps, effectKey: string): Toolbox {
  /** Asked once, told as often as the model likes: a loop of equal calls reaches no service. */
  const known = new Map<string, Used>();
  let made = 0;
  return { use };

  async function use({ name, arguments: given }: ToolCall): Promise<{ step: Step; content: string }> {
    const tool = tools.find((one) => one.name === name);
    if (!tool) {
      const names = tools.map((one) => one.name).join(", ");
      return wrong(name, shorten(given), `There is no tool "${name}". The tools are: ${names}.`);
    }
    const values = parse(given);
    if (values === undefined) return wrong(name, shorten(given), "The arguments are not a JSON object.");
    const mistakes = mistakesOf(tool.form, values, 5).map(({ message }) => message);
    if (mistakes.length > 0) return wrong(name, values, mistakes.join(" "));
    const mistake = tool.mistake(values);
    if (mistake !== undefined) return wrong(name, values, mistake);

    const same = tool.sameAs(values);
    const before = same === undefined ? undefined : known.get(same);
    if (before) return { step: { ...lineOf(name, values, before), repeated: true }, content: before.content };
    made += 1;
    const isAllowed = tool.needsApproval(values);
    if (isAllowed) await askPerson(tool, values, `ask/${made}`);
    const used = await carryOut(tool, values, made);
    if (same !== undefined) known.set(same, used);
    return {
      step: { ...lineOf(name, values, used), ...(isAllowed ? { allowed: true } : {}) },
      content: used.content,
    };
  }

  /** Passes when a person has decided to go on; otherwise the node waits for one. */
  async function askPerson(tool: AgentTool, values: JsonObject, name: string): Promise<void> {
    await steps.do(name, async () => ({ value: { tool: tool.name, arguments: values } }));
    if (steps.isDecided(name)) return;
    throw new ActivityError({
      code: "AI_APPROVAL",
      class: "data",
      message: `The agent wants to use "${tool.name}" with ${shorten(JSON.stringify(values))}, and a person must allow it.`,
      remedy: "Retry allows this call. Fail ends the agent; output gives an answer in its place.",
      certainty: "notDone",
      needsDecision: true,
      detail: { tool: tool.name, arguments: values },
    });
  }

  async function carryOut(tool: AgentTool, values: JsonObject, place: number): Promise<Used> {
    const name = `tool/${place}`;
    const key = `${effectKey}/${name}`;
    if (tool.repeat !== "once" || steps.has(name)) return did(name, () => tool.use(values, key));
    // Attempts that certainly did nothing leave their intents behind; the last one counts.
    let attempt = 1;
    while (steps.has(`refused/${place}/${attempt}`)) attempt += 1;
    const intent = `intent/${place}/${attempt}`;
    const isOpen = steps.has(intent);
    await steps.do(intent, async () => ({ value: { tool: tool.name, arguments: values } }));
    if (isOpen && !steps.isDecided(intent)) throw unknownOutcome(tool.name, values);
    try {
      return await did(name, () => tool.use(values, key));
    } catch (error) {
      if (!isCertainlyNotDone(error)) throw unknownOutcome(tool.name, values, error);
      await steps.do(`refused/${place}/${attempt}`, async () => ({ value: null }));
      throw error;
    }
  }

  async function did(name: string, work: () => Promise<Used>): Promise<Used> {
    const used = await steps.do(name, async () => {
      const { status, content } = await work();
      return { value: { content, ...(status === undefined ? {} : { status }) } as JsonObject };
    });
    return used as unknown as Used;
  }
}

function unknownOutcome(tool: string, values: JsonObject, cause?: unknown): ActivityError {
  const why = cause instanceof ActivityError ? ` ${cause.failure.message}` : "";
  return new ActivityError({
    code: "AI_TOOL_UNKNOWN",
    class: "unknown",
    message: `Whether "${tool}" did what it was asked with ${shorten(JSON.stringify(values))} is not known.${why}`,
    remedy:
      "Look at the service. Retry makes the call again; output gives an answer in its place; fail ends the agent.",
    certainty: "unknown",
    needsDecision: true,
    detail: { tool, arguments: values },
  });
}

function lineOf(tool: string, values: JsonObject, { status }: Used): Step {
  return { tool, arguments: values, ...(status === undefined ? {} : { status }) };
}

function wrong(tool: string, given: Json, mistake: string): { step: Step; content: string } {
  return { step: { tool, arguments: given, mistake }, content: `That call was not made. ${mistake}` };
}

function parse(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text === "" ? "{}" : text);
    return isObject(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
