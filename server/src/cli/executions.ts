// `auraos executions list|show|cancel|retry`.
import type { Execution, ExecutionSummary } from "@auraos/contract";
import { type Command, CommandError, print, printJson, readArgs } from "./command.ts";
import { type Api, ApiRefusal, reach } from "./reach.ts";

export const executions: Command = async (args, settings) => {
  const { values, positionals } = readArgs(args, {
    workflow: { type: "string" },
    status: { type: "string" },
    limit: { type: "string", default: "20" },
    json: { type: "boolean", default: false },
  });
  const [verb = "list", id] = positionals;
  if (!["list", "show", "cancel", "retry"].includes(verb))
    throw new CommandError(2, `executions ${verb}? It is list, show, cancel or retry.`);
  if (verb !== "list" && id === undefined)
    throw new CommandError(2, `Which execution? auraos executions ${verb} ID`);
  const api = await reach(settings);
  try {
    if (verb === "list") await list(api, values);
    else if (verb === "show") await show(api, id ?? "", values.json);
    else await change(api, verb, id ?? "", values.json);
    return 0;
  } catch (error) {
    if (error instanceof ApiRefusal) throw new CommandError(1, error.message);
    throw error;
  } finally {
    await api.close();
  }
};

type ListOptions = { workflow?: string; status?: string; limit: string; json: boolean };

async function list(api: Api, { workflow, status, limit, json }: ListOptions): Promise<void> {
  const query = new URLSearchParams({ limit });
  if (workflow !== undefined) query.set("workflow", workflow);
  if (status !== undefined) query.set("status", status);
  const reply = (await api.request("GET", `/api/v1/executions?${query}`)).json as {
    items: ExecutionSummary[];
  };
  if (json) return printJson(reply);
  for (const row of reply.items) {
    const took = row.durationMs === null ? "" : `${row.durationMs} ms`;
    print(
      [row.id, row.status.padEnd(10), row.startedAt, took.padStart(10), row.workflowName ?? ""].join("  "),
    );
  }
}

async function show(api: Api, id: string, json: boolean): Promise<void> {
  const execution = (await api.request("GET", `/api/v1/executions/${encodeURIComponent(id)}`))
    .json as Execution;
  if (json) return printJson(execution);
  const { workflowName, status, startedAt, failure, output } = execution;
  print(`${execution.id}  ${workflowName ?? ""}  ${status}  started ${startedAt}`);
  for (const run of execution.timeline) {
    const out = Object.entries(run.itemsOut).map(([port, count]) => `${port}: ${count}`);
    const took = run.durationMs === null ? "" : `${run.durationMs} ms`;
    const tries = run.attempts > 1 ? `  ${run.attempts} attempts` : "";
    print(
      `  ${run.status.padEnd(9)} ${run.run.padEnd(28)} ${took.padStart(9)}  ${out.join(", ")}${tries}${run.why === undefined ? "" : `  (${run.why})`}`,
    );
    if (run.failure) print(`            ${run.failure.message} [${run.failure.code}]`);
  }
  for (const wait of execution.waits)
    print(
      `  waits for ${wait.kind} ${wait.title ?? wait.signal ?? ""} ${wait.until ?? ""} ${wait.resumeUrl ?? ""}`,
    );
  if (failure) print(`failure: ${failure.message} ${failure.remedy ?? ""} [${failure.code}]`);
  else if (output !== null) print(`output: ${JSON.stringify(output, null, 2)}`);
}

async function change(api: Api, verb: string, id: string, json: boolean): Promise<void> {
  const reply = (await api.request("POST", `/api/v1/executions/${encodeURIComponent(id)}/${verb}`)).json as {
    id: string;
  };
  if (json) printJson(reply);
  else print(verb === "cancel" ? `${id} is being cancelled.` : `Started: ${reply.id}`);
}
