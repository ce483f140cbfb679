// Node types that exist in the bench only: work that takes no time, so that what is measured is the engine.
import { closeSync, openSync, writeSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { Item, JsonObject } from "@auraos/kernel";
import { type ActivityCall, defineNode, type NodeModule } from "@auraos/nodes";
import { z } from "@auraos/nodes/schema.ts";

const common = {
  version: 1,
  icon: "zap",
  category: "action",
  effect: "idempotent",
  per: "item",
  ports: ["main"],
} as const;

/** Changes the world (says it), so each run waits for the commit of its cause and is recorded itself. */
const effectNode: NodeModule = defineNode({
  ...common,
  type: "bench.effect",
  name: "Effect",
  description: "An effect that takes no time: adds one field.",
  schema: z.strictObject({ step: z.number().describe("Which field.") }),
  run: async (call) => withField(call),
});

/** Leaves a line with its key outside, so that whoever runs it again is found out. */
const loggedNode: NodeModule = defineNode({
  ...common,
  type: "bench.logged",
  name: "Logged effect",
  description: "An effect that takes a moment and leaves a line in a file.",
  schema: z.strictObject({
    step: z.number().describe("Which field."),
    ms: z.number().describe("How long it takes."),
    file: z.string().describe("File for the line."),
    line: z.string().optional().describe("The line. Default: the idempotency key."),
  }),
  run: async (call) => {
    await delay(Number(call.config.ms));
    writeLine(String(call.config.file), String(call.config.line ?? call.idempotencyKey));
    return withField(call);
  },
});

export const benchNodes: readonly NodeModule[] = [effectNode, loggedNode];

function withField({ config, items }: ActivityCall) {
  const [item] = items as [Item];
  const step = Number(config.step);
  return { main: { items: [{ json: { ...(item.json as JsonObject), [`s${step}`]: step } }] } };
}

function writeLine(file: string, line: string): void {
  const descriptor = openSync(file, "a");
  writeSync(descriptor, `${line}\n`);
  closeSync(descriptor);
}
