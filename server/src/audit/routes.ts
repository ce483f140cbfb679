// Routes of the audit log: read, verify, export. Nothing here writes.
import { readFile } from "node:fs/promises";
import { type AuditEntry, type AuditReport, endpoints } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import { notFound } from "../platform/errors.ts";
import { type Route, route } from "../platform/http.ts";
import { pageOf, placeAfter } from "../platform/page.ts";
import { exportLines, verifierFile } from "./exportLines.ts";
import { type AuditRow, findEntry, findMemberId, listBefore } from "./store.ts";
import { verifyAudit } from "./verifyAudit.ts";

export function auditRoutes(deps: Deps): Route[] {
  return [
    route(endpoints.listAudit, async ({ query, caller }) => {
      const place = placeAfter(query.after);
      const actors = query.actor === undefined ? null : await actorsOf(deps, caller.orgId, query.actor);
      const rows = await withTenant(deps.api, caller.orgId, (tx) =>
        listBefore(tx, caller.orgId, {
          before: place === null ? null : Number(place),
          limit: query.limit + 1,
          actors,
          kind: query.kind ?? null,
          action: query.action ?? null,
          outcome: query.outcome ?? null,
          object: query.object ?? null,
          from: query.from ?? null,
          to: query.to ?? null,
        }),
      );
      const entries = await Promise.all(rows.map((row) => entryView(deps, caller.orgId, row)));
      return {
        json: pageOf(
          entries,
          query.limit,
          ({ seq }) => String(seq),
          (entry) => entry,
        ),
      };
    }),
    route(endpoints.verifyAudit, async ({ caller }) => ({
      json: (await verifyAudit(deps, caller.orgId)) satisfies AuditReport,
    })),
    route(endpoints.exportAudit, ({ caller }) => ({
      stream: exportLines(deps, caller.orgId, {}),
      type: "application/jsonl; charset=utf-8",
      headers: { "content-disposition": 'attachment; filename="audit.jsonl"' },
    })),
    route(endpoints.getAuditCheckpoints, async ({ caller }) => ({
      text: await deps.checkpoints.read(caller.orgId),
      type: "text/plain; charset=utf-8",
      headers: { "content-disposition": 'attachment; filename="checkpoints.txt"' },
    })),
    route(endpoints.getAuditVerifier, async () => ({
      text: await readFile(verifierFile, "utf8"),
      type: "text/javascript; charset=utf-8",
      headers: { "content-disposition": 'attachment; filename="verify.mjs"' },
    })),
    route(endpoints.getAuditEntry, async ({ params, caller }) => {
      const { orgId } = caller;
      const row = await withTenant(deps.api, orgId, (tx) => findEntry(tx, orgId, params.seq));
      if (row === undefined) throw notFound("entry of this number");
      return { json: await entryView(deps, orgId, row) };
    }),
  ];
}

/** Entries of before there were kinds and comparisons have neither. */
async function entryView(deps: Deps, orgId: string, { seq, entry }: AuditRow): Promise<AuditEntry> {
  const {
    userId: _,
    sealed,
    ...read
  } = JSON.parse(entry) as Omit<AuditEntry, "seq"> & {
    userId?: string;
    sealed?: string;
  };
  return {
    seq,
    ...read,
    kind: read.kind ?? (read.outcome === "denied" ? "denial" : "change"),
    changes: read.changes ?? null,
    address: read.address ?? null,
    ...(sealed === undefined ? {} : await personalOf(deps, orgId, sealed)),
  };
}

/** Nothing more, once the key of the person is destroyed; the entry stays with their id. */
async function personalOf(deps: Deps, orgId: string, sealed: string) {
  const text = await withTenant(deps.api, orgId, (tx) => deps.subjects.openForSubject(tx, orgId, sealed));
  return text === undefined ? {} : (JSON.parse(text) as Pick<AuditEntry, "actor" | "address">);
}

/** Who is asked for by address stands in the entries by id. */
async function actorsOf(deps: Deps, orgId: string, actor: string): Promise<string[]> {
  if (!actor.startsWith("user:")) return [actor];
  const id = await withTenant(deps.api, orgId, (tx) => findMemberId(tx, orgId, actor.slice("user:".length)));
  return id === undefined ? [actor] : [actor, `user:${id}`];
}
