// `auraos audit verify|export|list`: is the log as it was written, and a copy of it that proves itself elsewhere.
import { createWriteStream, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { finished } from "node:stream/promises";
import type { AuditEntry, AuditReport } from "@auraos/contract";
import { type Command, CommandError, print, printJson, readArgs, say } from "./command.ts";
import { type Api, ApiRefusal, reach } from "./reach.ts";

const verbs = ["list", "verify", "export"];

export const audit: Command = async (args, settings) => {
  const { values, positionals } = readArgs(args, {
    to: { type: "string" },
    actor: { type: "string" },
    kind: { type: "string" },
    outcome: { type: "string" },
    object: { type: "string" },
    limit: { type: "string", default: "20" },
    json: { type: "boolean", default: false },
  });
  const [verb = "list"] = positionals;
  if (!verbs.includes(verb)) throw new CommandError(2, `audit ${verb}? It is list, verify or export.`);
  const api = await reach(settings);
  try {
    if (verb === "verify") return await verify(api, values.json);
    if (verb === "export") await exportTo(api, values.to ?? "audit-export");
    else await list(api, values);
    return 0;
  } catch (error) {
    if (error instanceof ApiRefusal) throw new CommandError(1, error.message);
    throw error;
  } finally {
    await api.close();
  }
};

async function verify(api: Api, json: boolean): Promise<number> {
  const report = (await api.request("GET", "/api/v1/audit/verify")).json as AuditReport;
  if (json) printJson(report);
  else {
    print(`entries ${report.from} to ${report.entries}, head ${report.head}`);
    if (report.removedAt !== null)
      print(
        `verified from entry ${report.from}: those before left with their retention, ${report.removedAt}`,
      );
    print(`${report.checkpoints} checkpoints, covering entries up to ${report.checkpointedTo}`);
    print(`key ${report.key}`);
    print(
      report.ok
        ? "Everything is as it was written."
        : `BROKEN at entry ${report.brokenAt}: ${report.reason}.`,
    );
  }
  return report.ok ? 0 : 1;
}

/** As a stream: a log may be larger than memory. */
async function exportTo(api: Api, folder: string): Promise<void> {
  const place = resolve(folder);
  mkdirSync(place, { recursive: true, mode: 0o700 });
  const file = createWriteStream(join(place, "audit.jsonl"), { mode: 0o600 });
  for await (const part of api.stream("/api/v1/audit/export"))
    if (!file.write(part)) await new Promise<void>((done) => file.once("drain", () => done()));
  file.end();
  await finished(file);
  const put = async (path: string, name: string) =>
    writeFileSync(join(place, name), (await api.request("GET", path)).text, { mode: 0o600 });
  await put("/api/v1/audit/checkpoints", "checkpoints.txt");
  await put("/api/v1/audit/verifier", "verify.mjs");
  const report = (await api.request("GET", "/api/v1/audit/verify")).json as AuditReport;
  writeFileSync(join(place, "key.txt"), `${report.key}\n`, { mode: 0o600 });
  print(place);
  say(`Check it anywhere: cd ${place} && node verify.mjs audit.jsonl checkpoints.txt "$(cat key.txt)"`);
}

type ListOptions = {
  actor?: string;
  kind?: string;
  outcome?: string;
  object?: string;
  limit: string;
  json: boolean;
};

async function list(api: Api, { json, ...given }: ListOptions): Promise<void> {
  const query = new URLSearchParams();
  for (const name of ["actor", "kind", "outcome", "object", "limit"] as const)
    if (given[name] !== undefined) query.set(name, given[name]);
  const page = (await api.request("GET", `/api/v1/audit?${query}`)).json as { items: AuditEntry[] };
  if (json) return printJson(page);
  for (const { seq, at, kind, actor, what, name, object, code } of page.items)
    print(
      [String(seq).padStart(6), at, kind.padEnd(12), actor.padEnd(24), what, name ?? object ?? "", code ?? ""]
        .join("  ")
        .trimEnd(),
    );
}
