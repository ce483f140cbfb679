import assert from "node:assert/strict";
import { it } from "node:test";
import type { Json, JsonObject } from "@auraos/kernel";
import { firstOf, runNode } from "../../../testing.ts";
import { aiAgent } from "../../agent/node.ts";
import { calls, says, startStandIn } from "../../testing/standIn.ts";
import { aiToolWorkflow } from "./node.ts";

it("starts the workflow with the values, under a key of the call, and tells how it ended", async (t) => {
  const server = await startStandIn();
  t.after(() => server.close());
  const started: [string, Json, string][] = [];
  let ended: { output: Json } | { failure: { code: string; message: string } } = { output: { ticket: 12 } };
  const runWorkflow = async (workflow: string, input: Json, { key }: { key: string }) => {
    started.push([workflow, input, key]);
    return ended;
  };
  const tool = {
    name: "open_ticket",
    description: "Opens.",
    workflow: "tickets",
    parameters: [{ name: "title", description: "About." }],
  };
  const attached = { tool: [{ id: "t", name: "t", type: "ai.tool.workflow", config: tool }] };
  const config = { baseUrl: server.url, model: "small", prompt: "Help." };
  const told = async () => {
    server.play(
      calls(["open_ticket", { title: "Broken" }], ["open_ticket", { title: "Broken" }]),
      says("Done."),
    );
    firstOf(await runNode(aiAgent, { config }, { runWorkflow }, { attached }));
    return ((server.seen.at(-1)?.body.messages ?? []) as JsonObject[]).at(-1)?.content;
  };
  assert.equal(await told(), '{"ticket":12}');
  assert.deepEqual(started, [
    ["tickets", { title: "Broken" }, "key-1/tool/1"],
    ["tickets", { title: "Broken" }, "key-1/tool/2"],
  ]);
  ended = { failure: { code: "X", message: "no room." } };
  assert.equal(await told(), "The workflow failed: no room.");
});

it("needs a workflow", () => {
  assert.equal(aiToolWorkflow.checkConfig?.({ name: "a", description: "b" })[0]?.field, "workflow");
});
