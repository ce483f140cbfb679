// `auraos backup`, `auraos backup list`, `auraos drill`: the running server does it, else one for as long as it takes.
import { setTimeout as delay } from "node:timers/promises";
import type { BackupOverview, BackupRun } from "@auraos/contract";
import { type Command, CommandError, print, printJson, readArgs, say } from "./command.ts";
import { type Api, ApiRefusal, reach } from "./reach.ts";

const POLL_MS = 300;
const DRILLS_MAX = 1000;

export const backup: Command = async (args, settings) => {
  const { values, positionals } = readArgs(args, { json: { type: "boolean", default: false } });
  const [verb] = positionals;
  if (verb !== undefined && verb !== "list")
    throw new CommandError(2, `backup ${verb}? It is \`auraos backup\` or \`auraos backup list\`.`);
  return withApi(await reach(settings), async (api) => {
    if (verb === "list") return list(api, values.json);
    const run = await follow(api, await begin(api, "/api/v1/backups"));
    if (values.json) printJson(run);
    else print(takenLine(run));
    return 0;
  });
};

export const drill: Command = async (args, settings) => {
  const { values, positionals } = readArgs(args, {
    count: { type: "string", default: "1" },
    fresh: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  });
  const count = Number(values.count);
  if (!Number.isInteger(count) || count < 1 || count > DRILLS_MAX)
    throw new CommandError(2, `--count is a whole number from 1 to ${DRILLS_MAX}, not "${values.count}".`);
  const [id] = positionals;
  if (id !== undefined && values.fresh)
    throw new CommandError(2, "--fresh takes a new backup for each drill, so there is none to name.");
  return withApi(await reach(settings), async (api) => {
    let equal = 0;
    for (let number = 1; number <= count; number += 1) {
      if (values.fresh) await follow(api, await begin(api, "/api/v1/backups"));
      const body = id === undefined ? {} : { backup: id };
      const run = await follow(api, await begin(api, "/api/v1/backups/drills", body), "tell");
      if (run.state === "done" && run.proof?.isEqual === true) equal += 1;
      if (values.json) printJson(run);
      else print(`${number}/${count}  ${drillLine(run)}`);
    }
    if (!values.json) print(`${equal} of ${count} equal by hash`);
    return equal === count ? 0 : 1;
  });
};

async function list(api: Api, isJson: boolean): Promise<number> {
  const found = (await api.request("GET", "/api/v1/backups")).json as BackupOverview;
  if (isJson) {
    printJson(found);
    return 0;
  }
  if (found.mode === "external")
    throw new CommandError(1, "This server uses a PostgreSQL of your own (DATABASE_URL).");
  print(
    `${found.folder}  ${found.mode === "on" ? `on time, ${found.keep} are kept` : "when asked (AURAOS_BACKUP_DIR is not set)"}`,
  );
  for (const one of found.items) {
    const about =
      one.trouble ??
      `any time from ${one.consistentAt}  ${megabytes(one.storedBytes)}  ${one.rows ?? "?"} rows`;
    print(`${one.id}  ${about}`);
  }
  if (found.lastDrill) print(`last drill: ${drillLine(found.lastDrill)}`);
  return 0;
}

/** Waits its turn: another run, on time or somebody else's, may be under way. */
async function begin(api: Api, path: string, body?: object): Promise<BackupRun> {
  for (;;) {
    try {
      const sent = body === undefined ? {} : { body: JSON.stringify(body), type: "application/json" };
      return (await api.request("POST", path, sent)).json as BackupRun;
    } catch (error) {
      if (!(error instanceof ApiRefusal) || error.details.code !== "BACKUP_RUNNING") throw error;
      say("Another backup or drill is under way; waiting for it.");
      await delay(POLL_MS * 10);
    }
  }
}

async function follow(api: Api, begun: BackupRun, onFailure: "throw" | "tell" = "throw"): Promise<BackupRun> {
  for (;;) {
    const run = (await api.request("GET", `/api/v1/backups/runs/${begun.id}`)).json as BackupRun;
    if (run.state === "failed" && onFailure === "throw")
      throw new CommandError(1, run.failure ?? "It failed.");
    if (run.state !== "running") return run;
    await delay(POLL_MS);
  }
}

function takenLine({ backup: id, sizes }: BackupRun): string {
  return `${id}  ${megabytes(sizes?.clusterBytes ?? 0)} of database, ${megabytes(sizes?.storedBytes ?? 0)} sealed, ${sizes?.rows ?? "?"} rows`;
}

function drillLine({ backup: id, state, proof, failure }: BackupRun): string {
  if (proof === null) return `${id ?? ""} ${state}: ${failure ?? ""}`;
  const verdict =
    proof.problems.length > 0 ? `WRONG: ${proof.problems.join("; ")}` : proof.isEqual ? "equal" : "sound";
  return (
    `${id}  ${verdict}  ${proof.rows} rows in ${proof.tables} tables, ${proof.indexes} indexes, ` +
    `${proof.auditEntries} audit entries; restored in ${proof.restoreMs} ms, all in ${proof.tookMs} ms`
  );
}

function megabytes(bytes: number | null): string {
  return `${((bytes ?? 0) / 1024 / 1024).toFixed(1)} MB`;
}

async function withApi(api: Api, work: (api: Api) => Promise<number>): Promise<number> {
  try {
    return await work(api);
  } catch (error) {
    if (error instanceof ApiRefusal) throw new CommandError(1, error.message);
    throw error;
  } finally {
    await api.close();
  }
}
