// `auraos schedules list|show|pause|resume|trigger`.
import type { Schedule, SchedulePreview } from "@auraos/contract";
import { type Command, CommandError, print, printJson, readArgs } from "./command.ts";
import { type Api, ApiRefusal, reach } from "./reach.ts";

const verbs = ["list", "show", "pause", "resume", "trigger"];

export const schedules: Command = async (args, settings) => {
  const { values, positionals } = readArgs(args, {
    status: { type: "string" },
    limit: { type: "string", default: "50" },
    reason: { type: "string" },
    json: { type: "boolean", default: false },
  });
  const [verb = "list", id] = positionals;
  if (!verbs.includes(verb))
    throw new CommandError(2, `schedules ${verb}? It is list, show, pause, resume or trigger.`);
  if (verb !== "list" && id === undefined)
    throw new CommandError(2, `Which schedule? auraos schedules ${verb} ID`);
  const api = await reach(settings);
  try {
    if (verb === "list") await list(api, values);
    else if (verb === "show") await show(api, id ?? "", values.json);
    else await change(api, verb, id ?? "", values);
    return 0;
  } catch (error) {
    if (error instanceof ApiRefusal) throw new CommandError(1, error.message);
    throw error;
  } finally {
    await api.close();
  }
};

async function list(api: Api, about: { status?: string; limit: string; json: boolean }): Promise<void> {
  const query = new URLSearchParams({ limit: about.limit });
  if (about.status !== undefined) query.set("status", about.status);
  const reply = (await api.request("GET", `/api/v1/schedules?${query}`)).json as { items: Schedule[] };
  if (about.json) return printJson(reply);
  for (const one of reply.items)
    print([one.id, one.status.padEnd(6), (one.nextFireAt ?? "").padEnd(24), rule(one), one.name].join("  "));
}

async function show(api: Api, id: string, json: boolean): Promise<void> {
  const path = `/api/v1/schedules/${encodeURIComponent(id)}`;
  const one = (await api.request("GET", path)).json as Schedule;
  if (json) return printJson(one);
  print(`${one.name}  ${one.status}  ${rule(one)}  starts ${one.workflowName}`);
  print(`  overlap: ${one.overlap}, missed: ${one.missed}`);
  if (one.pauseReason !== null) print(`  paused: ${one.pauseReason}`);
  const { fires } = (await api.request("GET", `${path}/preview?count=5`)).json as SchedulePreview;
  for (const fire of fires) print(`  ${fire.local}  ${fire.note ?? ""}`.trimEnd());
}

async function change(
  api: Api,
  verb: string,
  id: string,
  about: { reason?: string; json: boolean },
): Promise<void> {
  const body = verb === "pause" && about.reason !== undefined ? { reason: about.reason } : undefined;
  const options = body && { body: JSON.stringify(body), type: "application/json" };
  const { json } = await api.request("POST", `/api/v1/schedules/${encodeURIComponent(id)}/${verb}`, options);
  if (about.json) printJson(json);
  else if (verb === "trigger") print(`Started: ${(json as { executionId: string }).executionId}`);
  else print(`${(json as Schedule).name} is ${(json as Schedule).status}.`);
}

function rule({ cron, interval, rrule, timezone }: Schedule): string {
  return `${cron ?? (interval === undefined ? rrule : `every ${interval}`)} ${timezone}`;
}
