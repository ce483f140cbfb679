// `auraos incident ...`: what has to be done at once when something is wrong, from a shell on the server.
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Incident, IncidentSummary } from "@auraos/contract";
import { type Command, CommandError, print, printJson, readArgs, say } from "./command.ts";
import { type Api, ApiRefusal, reach } from "./reach.ts";

const verbs = [
  "list",
  "show",
  "open",
  "note",
  "freeze",
  "unfreeze",
  "revoke",
  "evidence",
  "close",
  "report",
] as const;
type Verb = (typeof verbs)[number];

const OPTIONS = {
  severity: { type: "string" },
  note: { type: "string" },
  workflow: { type: "string" },
  reason: { type: "string" },
  key: { type: "string" },
  person: { type: "string" },
  "all-keys": { type: "boolean", default: false },
  "all-sessions": { type: "boolean", default: false },
  from: { type: "string" },
  to: { type: "string" },
  out: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

type Values = ReturnType<typeof readArgs<typeof OPTIONS>>["values"];

export const incident: Command = async (args, settings) => {
  const { values, positionals } = readArgs(args, OPTIONS);
  const [given = "list", first, ...rest] = positionals;
  const verb = verbs.find((one) => one === given);
  if (verb === undefined) throw new CommandError(2, `incident ${given}? It is ${verbs.join(", ")}.`);
  if (verb !== "list" && first === undefined)
    throw new CommandError(2, verb === "open" ? "auraos incident open TITLE" : `auraos incident ${verb} ID`);
  const api = await reach(settings);
  try {
    if (!api.isOther && verb !== "list" && verb !== "show")
      say("No server runs on this data folder; it is done in the database, and holds with the next start.");
    await act(api, verb, first ?? "", rest.join(" "), values);
    return 0;
  } catch (error) {
    if (error instanceof ApiRefusal) throw new CommandError(1, error.message);
    throw error;
  } finally {
    await api.close();
  }
};

async function act(api: Api, verb: Verb, first: string, text: string, values: Values): Promise<void> {
  const base = "/api/v1/incidents";
  const path = `${base}/${encodeURIComponent(first)}`;
  const post = async (to: string, body: object) =>
    (await api.request("POST", to, { body: JSON.stringify(body) })).json;
  switch (verb) {
    case "list": {
      const { items } = (await api.request("GET", base)).json as { items: IncidentSummary[] };
      if (values.json) return printJson(items);
      for (const { id, status, severity, openedAt, title, frozen } of items)
        print(
          [id, status.padEnd(6), severity.padEnd(8), openedAt, title, frozen > 0 ? "FROZEN" : ""]
            .join("  ")
            .trimEnd(),
        );
      return;
    }
    case "show":
      return show((await api.request("GET", path)).json as Incident, values.json);
    case "open": {
      const title = [first, text].filter((part) => part !== "").join(" ");
      const { severity, note } = values;
      const body = { title, ...(severity ? { severity } : {}), ...(note ? { note } : {}) };
      const made = (await post(base, body)) as Incident;
      return values.json ? printJson(made) : print(made.id);
    }
    case "note":
      return show((await post(`${path}/notes`, { text: values.note ?? text })) as Incident, values.json);
    case "freeze": {
      const { workflow, reason } = values;
      const body = { scope: workflow === undefined ? "organization" : "workflow", workflow, reason };
      return show((await post(`${path}/freeze`, body)) as Incident, values.json);
    }
    case "unfreeze":
      return show((await post(`${path}/unfreeze`, {})) as Incident, values.json);
    case "revoke": {
      const { key, person } = values;
      const body = {
        keys: values["all-keys"] ? "all" : key,
        sessions: values["all-sessions"] ? "all" : undefined,
        person,
      };
      const { keys, sessions, people } = (await post(`${path}/revoke`, body)) as Record<string, number>;
      if (values.json) return printJson({ keys, sessions, people });
      return print(`Revoked ${keys} API keys, ended ${sessions} sessions of ${people} people.`);
    }
    case "evidence": {
      const query = new URLSearchParams();
      for (const name of ["from", "to"] as const)
        if (values[name] !== undefined) query.set(name, values[name]);
      const parts: Uint8Array[] = [];
      for await (const part of api.stream(`${path}/evidence?${query}`)) parts.push(part);
      const file = resolve(values.out ?? `evidence-${first.slice(-12)}.zip`);
      writeFileSync(file, Buffer.concat(parts), { mode: 0o600 });
      return print(file);
    }
    case "close":
      return show(
        (await post(`${path}/close`, { conclusion: values.note ?? text })) as Incident,
        values.json,
      );
    case "report":
      return print((await api.request("GET", `${path}/report`)).text);
  }
}

function show(one: Incident, json: boolean): void {
  if (json) return printJson(one);
  print(`${one.id}  ${one.status}  ${one.severity}  ${one.title}`);
  for (const { workflow, reason, at, liftedAt, paused } of one.freezes)
    print(
      `  ${liftedAt === null ? "FROZEN" : "lifted"}  ${workflow?.name ?? "the organization"}  since ${at}  ${reason}  (${paused} paused)`,
    );
  for (const { at, actor, kind, text } of one.acts)
    print(`  ${at}  ${kind.padEnd(9)} ${actor}  ${text.split("\n")[0]}`);
}
