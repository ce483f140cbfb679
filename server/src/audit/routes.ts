// Routes of the audit log: read, verify, export. Nothing here writes.
import { type AuditEntry, endpoints } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { setTenant, snapshot, withTenant } from "../platform/db.ts";
import { type Route, route } from "../platform/http.ts";
import { pageOf, placeAfter } from "../platform/page.ts";
import { findHead, listAfter, listBefore } from "./store.ts";
import { type ChainState, compareHead, emptyChain, follow } from "./verifyChain.ts";

const ROWS_AT_ONCE = 5000;

export function auditRoutes(deps: Deps): Route[] {
  return [
    route(endpoints.listAudit, async ({ query, caller }) => {
      const place = placeAfter(query.after);
      const rows = await withTenant(deps.api, caller.orgId, (tx) =>
        listBefore(tx, caller.orgId, {
          before: place === null ? null : Number(place),
          limit: query.limit + 1,
          actor: query.actor ?? null,
          outcome: query.outcome ?? null,
          object: query.object ?? null,
        }),
      );
      return {
        json: pageOf(
          rows,
          query.limit,
          ({ seq }) => String(seq),
          ({ seq, entry }) => ({ seq, ...(JSON.parse(entry) as Omit<AuditEntry, "seq">) }),
        ),
      };
    }),
    route(endpoints.verifyAudit, async ({ caller }) => {
      const state = await verify(deps, caller.orgId);
      const { seq, hash, brokenAt } = state;
      return { json: { ok: brokenAt === null, entries: seq, head: hash.toString("hex"), brokenAt } };
    }),
    route(endpoints.exportAudit, ({ caller }) => ({
      stream: lines(deps, caller.orgId),
      type: "application/jsonl; charset=utf-8",
      headers: { "content-disposition": 'attachment; filename="audit.jsonl"' },
    })),
  ];
}

/** One picture: what is appended meanwhile belongs to the next check. */
async function verify(deps: Deps, orgId: string): Promise<ChainState> {
  return snapshot(deps.api, async (tx) => {
    await setTenant(tx, orgId);
    let state = emptyChain;
    for (;;) {
      const rows = await listAfter(tx, orgId, state.seq, ROWS_AT_ONCE);
      state = follow(state, rows);
      if (rows.length < ROWS_AT_ONCE) return compareHead(state, await findHead(tx, orgId));
    }
  });
}

async function* lines(deps: Deps, orgId: string): AsyncIterable<Uint8Array> {
  for (let after = 0; ; ) {
    const rows = await withTenant(deps.api, orgId, (tx) => listAfter(tx, orgId, after, ROWS_AT_ONCE));
    const text = rows.map(({ seq, entry, hash }) =>
      JSON.stringify({ seq, entry, hash: hash.toString("hex") }),
    );
    if (text.length > 0) yield Buffer.from(`${text.join("\n")}\n`);
    if (rows.length < ROWS_AT_ONCE) return;
    after = rows.at(-1)?.seq ?? after;
  }
}
