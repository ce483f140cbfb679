// Evidence of an incident as one ZIP archive: what can be proven (the audit log of the time with its checkpoints and a program that
// checks them), what is needed to understand it (executions, sign-ins, who had which rights), and a signed list of the
// hashes of all files. No secret and no data of executions is in it.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { writeZip } from "@auraos/nodes/archive/writeZip.ts";
import { exportTime, verifierFile } from "../audit/exportLines.ts";
import { verifyAudit } from "../audit/verifyAudit.ts";
import type { Deps } from "../deps.ts";
import type { Caller } from "../platform/caller.ts";
import { withTenant } from "../platform/db.ts";
import * as facts from "./evidenceStore.ts";
import { dossierOf } from "./incidents.ts";
import { writeReport } from "./report.ts";

export type Evidence = { name: string; bytes: Buffer; sha256: string };

const DAY_MS = 86_400_000;

export async function collectEvidence(
  deps: Deps,
  caller: Caller,
  id: string,
  range: { from?: string | undefined; to?: string | undefined },
): Promise<Evidence> {
  const { orgId } = caller;
  const dossier = await withTenant(deps.api, orgId, (tx) => dossierOf(tx, orgId, id));
  const { incident } = dossier;
  const from = range.from ?? new Date(incident.openedAt.getTime() - DAY_MS).toISOString();
  const to = range.to ?? (incident.closedAt ?? new Date(deps.nowMs())).toISOString();
  const time = { orgId, from, to };
  const verdict = await verifyAudit(deps, orgId);
  const files = new Map<string, Buffer>();
  const put = (path: string, content: string | Buffer) => files.set(path, Buffer.from(content));
  const putJson = (path: string, value: unknown) => put(path, `${JSON.stringify(value, null, 2)}\n`);

  put("report.md", writeReport(dossier, undefined));
  putJson("incident.json", dossier);
  put("audit/audit.jsonl", await gather(exportTime(deps, time)));
  put("audit/checkpoints.txt", await deps.checkpoints.read(orgId));
  put("audit/key.txt", `${deps.checkpoints.key}\n`);
  put("audit/verify.mjs", await readFile(verifierFile));
  putJson("audit/verdict.json", verdict);
  await withTenant(deps.api, orgId, async (tx) => {
    putJson("executions.json", await facts.executionsOf(tx, time));
    putJson("workflows.json", await facts.workflowsOf(tx, orgId));
    putJson("api-keys.json", await facts.keysOf(tx, orgId));
    putJson("members.json", await facts.membersOf(tx, orgId));
    putJson("connections.json", await facts.connectionsOf(tx, orgId));
    putJson("webhooks.json", await facts.webhooksOf(tx, orgId));
    putJson("findings.json", await facts.findingsOf(tx, time));
  });
  const people = await withTenant(deps.api, orgId, (tx) => facts.membersOf(tx, orgId));
  putJson(
    "sessions.json",
    await facts.sessionsOf(
      deps.identity.pool,
      people.map(({ userId }) => userId),
    ),
  );
  putJson("server.json", serverFacts(deps));
  put("README.md", readMe(time));

  const list = [...files].map(([path, bytes]) => `${sha256Of(bytes)}  ${path}`);
  const about = [
    `auraos.local/evidence/${orgId}/${id}`,
    `at ${new Date(deps.nowMs()).toISOString()}`,
    ...list,
  ];
  put("SHA256SUMS", `${list.join("\n")}\n`);
  put("SHA256SUMS.signed", deps.checkpoints.sign(`${about.join("\n")}\n`));
  const entries = [...files].map(([path, bytes]) => ({ path, bytes }));
  const bytes = await writeZip(entries, deps.nowMs());
  const stamp = new Date(deps.nowMs()).toISOString().slice(0, 19).replaceAll(":", "");
  return { name: `evidence-${id.slice(-12)}-${stamp}.zip`, bytes, sha256: sha256Of(bytes) };
}

/** How the server is set up, as far as it is no secret; a hash tells whether two are the same. */
function serverFacts(deps: Deps) {
  const { settings } = deps;
  const shown = {
    version: deps.version,
    node: process.version,
    host: settings.host,
    port: settings.port,
    publicUrl: settings.publicUrl ?? null,
    tls: settings.tls !== undefined,
    ownDatabase: settings.databaseUrl === undefined,
    allowHosts: settings.allowHosts,
    oidcIssuer: settings.oidc?.issuer ?? null,
    mail: settings.smtp !== undefined,
    workers: settings.workers,
    executions: settings.executions,
    nodeTypes: deps.nodeModules.length,
  };
  return { ...shown, sha256: sha256Of(JSON.stringify(shown)) };
}

async function gather(lines: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of lines) parts.push(part);
  return Buffer.concat(parts);
}

function sha256Of(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

function readMe({ from, to }: { from: string; to: string }): string {
  return `# Evidence

Audit entries and executions from ${from} to ${to}; everything else as it was when this was collected.

- \`SHA256SUMS\`: \`sha256sum -c SHA256SUMS\` checks the files. \`SHA256SUMS.signed\` is the same list as a signed note.
- \`audit/\`: \`cd audit && node verify.mjs audit.jsonl checkpoints.txt "$(cat key.txt)"\` checks the chain and the
  checkpoints. Use the key that was noted before the incident instead of key.txt, if there is one.
- \`workflows.json\` has the hash of each published version, to be compared with an export or a backup.
- People stand in the audit log by id; \`members.json\` says who they are.
`;
}
