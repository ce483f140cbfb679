// `auraos run FILE`: runs a workflow to its end, durably, and prints its output.
// The file becomes a version of the workflow of its name, so every run is in the history; the same file twice is one
// version. If the server goes away, the command finds or starts another one on the same data folder and goes on
// waiting for the same execution.
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Execution, Workflow } from "@auraos/contract";
import { writeGrant } from "../activities/reach.ts";
import { loadNodes } from "../nodeTypes/loadNodes.ts";
import { Refusal } from "../platform/errors.ts";
import { parseJson } from "../platform/json.ts";
import type { Settings } from "../platform/settings.ts";
import { type Command, CommandError, print, printJson, readArgs, say } from "./command.ts";
import { showProgress } from "./progress.ts";
import { type Api, ApiRefusal, reach, Unreachable } from "./reach.ts";
import { problemsOf } from "./validate.ts";
import { InvalidWorkflow, readText, readWorkflowFile, type WorkflowFile } from "./workflowFile.ts";

const WAIT_SECONDS = 60;
const LOST_SERVERS_MAX = 20;
const PROGRESS_GRACE_MS = 3_000;

export const run: Command = async (args, settings) => {
  const { values, positionals } = readArgs(args, {
    input: { type: "string" },
    json: { type: "boolean", default: false },
    "allow-host": { type: "string", multiple: true, default: [] },
  });
  const [path] = positionals;
  if (path === undefined) throw new CommandError(2, "Which file? auraos run FILE");
  const file = readWorkflowFile(path);
  if (settings.nodesDir !== undefined) await loadNodes(settings.nodesDir);
  const problems = problemsOf(file.value);
  if (problems.length > 0) {
    if (values.json) printJson({ status: "invalid", problems });
    throw new InvalidWorkflow(path, problems);
  }
  const input = readInput(values.input);
  const grant = { folder: resolve(dirname(path)), allowHosts: values["allow-host"] };
  const execution = await withServers(settings, async (api, state: { id?: string }) => {
    if (state.id === undefined) {
      const workflowId = await putWorkflow(api, file);
      writeGrant(settings.dataDir, workflowId, grant);
      state.id = await startExecution(api, workflowId, input);
    }
    return waitForEnd(api, state.id, values.json);
  });
  return report(execution, values.json);
};

/** Once per command, so that a repeated request starts nothing twice. */
const runKey = randomUUID();

async function withServers<T>(
  settings: Settings,
  work: (api: Api, state: { id?: string }) => Promise<T>,
): Promise<T> {
  const state: { id?: string } = {};
  for (let lost = 0; ; lost += 1) {
    const api = await reach(settings);
    try {
      return await work(api, state);
    } catch (error) {
      const isGone = error instanceof Unreachable || (error instanceof ApiRefusal && error.status === 503);
      if (!isGone || lost >= LOST_SERVERS_MAX) throw error;
      if (lost === 0) say("The server went away; going on with another one.");
      await sleep(300);
    } finally {
      await api.close();
    }
  }
}

async function putWorkflow(api: Api, file: WorkflowFile): Promise<string> {
  const reply = await api.request("POST", "/api/v1/workflows/import?replace=1", {
    body: file.text,
    type: file.type,
  });
  return (reply.json as Workflow).id;
}

async function startExecution(api: Api, workflowId: string, input: string | undefined): Promise<string> {
  const reply = await api.request("POST", `/api/v1/workflows/${workflowId}/execute`, {
    ...(input === undefined ? {} : { body: input }),
    headers: { "idempotency-key": `run-${runKey}` },
  });
  return (reply.json as { id: string }).id;
}

async function waitForEnd(api: Api, id: string, isQuiet: boolean): Promise<Execution> {
  const watching = new AbortController();
  const progress = isQuiet ? undefined : showProgress(api, id, watching.signal);
  try {
    for (;;) {
      const reply = await api.request("GET", `/api/v1/executions/${id}?wait=${WAIT_SECONDS}`);
      const execution = reply.json as Execution;
      if (["succeeded", "failed", "cancelled", "terminated"].includes(execution.status)) {
        if (execution.outputLeftOut === true)
          execution.output = (await api.request("GET", `/api/v1/executions/${id}/output`)).json;
        return execution;
      }
      // A reply ends the waiting early, and so does a parked node: do not ask in a tight loop.
      await sleep(100);
    }
  } finally {
    // A short execution may be over before its stream has arrived: its lines are still told.
    if (progress !== undefined)
      await Promise.race([progress, sleep(PROGRESS_GRACE_MS, undefined, { ref: false })]);
    watching.abort();
    await progress;
  }
}

function report(execution: Execution, asJson: boolean): number {
  const { id, status, output, failure } = execution;
  if (asJson) printJson({ id, status, output, ...(failure ? { failure } : {}) });
  else if (status === "succeeded")
    print(typeof output === "string" ? output : JSON.stringify(output, null, 2));
  else {
    const place = failure?.run === undefined ? "" : ` in ${failure.run}`;
    say(
      `The execution ${status}${place}: ${failure?.message ?? ""} ${failure?.remedy ?? ""} [${failure?.code ?? status}]`,
    );
    say(`auraos executions show ${id}`);
  }
  return status === "succeeded" ? 0 : 1;
}

/** A file, `-` for standard input, or JSON text. */
function readInput(given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  const isFile = given === "-" || existsSync(given) || !/^\s*[[{"\d-]/.test(given);
  const text = isFile ? readText(given) : given;
  try {
    parseJson(text);
    return text;
  } catch (error) {
    if (error instanceof Refusal) throw new CommandError(2, `The input is not JSON. ${error.message}`);
    throw error;
  }
}
