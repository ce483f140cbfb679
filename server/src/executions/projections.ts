// Projections of executions, made from the stored turns and continued instead of made again: somebody who watches an
// execution asks many times, and each time only the turns since then are read.
import type { Fact } from "@auraos/kernel";
import type { Deps } from "../deps.ts";
import { decodeTurn } from "../engine/payload.ts";
import { withTenant } from "../platform/db.ts";
import { notFound, refuse } from "../platform/errors.ts";
import type { Caller } from "../platform/http.ts";
import { newProjection, type Projection, project } from "./project.ts";
import { type ExecutionRow, findExecution, listTurns } from "./store.ts";

const PAGE = 500;
const KEPT_MAX = 30;
/** Beyond this many facts a projection is too heavy to keep. */
const KEPT_FACTS_MAX = 50_000;

type Kept = { projection: Projection; known: Map<string, unknown>; busy: Promise<void> };
const cache = new WeakMap<Deps, Map<string, Kept>>();

export async function projectionOf(
  deps: Deps,
  caller: Caller,
  id: string,
): Promise<{ row: ExecutionRow; projection: Projection }> {
  const row = await withTenant(deps.api, caller.orgId, (tx) => findExecution(tx, caller.orgId, id));
  if (!row) throw notFound("execution with this id");
  const kept = await keptOf(deps, row);
  // Two readers of one execution take turns: a projection is continued by one at a time.
  const turn = kept.busy.then(() => catchUp(deps, caller, id, kept));
  kept.busy = turn.catch(() => {});
  await turn;
  return { row, projection: kept.projection };
}

async function keptOf(deps: Deps, row: ExecutionRow): Promise<Kept> {
  const all = cache.get(deps) ?? new Map<string, Kept>();
  cache.set(deps, all);
  const known = all.get(row.id);
  if (known) {
    all.delete(row.id);
    all.set(row.id, known);
    return known;
  }
  const program = await deps.programs.programOf(row.versionId);
  if (!program)
    throw refuse(
      409,
      "VERSION_UNREADABLE",
      "The version this execution ran on is gone or cannot be compiled by this release.",
      "GET .../turns shows what was recorded.",
    );
  const made: Kept = { projection: newProjection(program), known: new Map(), busy: Promise.resolve() };
  const other = all.get(row.id);
  if (other) return other;
  all.set(row.id, made);
  const oldest = all.keys().next().value;
  if (all.size > KEPT_MAX && oldest !== undefined) all.delete(oldest);
  return made;
}

async function catchUp(deps: Deps, caller: Caller, id: string, kept: Kept): Promise<void> {
  const reader = { payloads: deps.blobs.payloads, known: kept.known };
  for (;;) {
    const rows = await withTenant(deps.api, caller.orgId, (tx) =>
      listTurns(tx, { orgId: caller.orgId, executionId: id, after: kept.projection.seq, limit: PAGE }),
    );
    for (const row of rows) project(kept.projection, row.seq, (await decodeTurn(reader, row.body)) as Fact[]);
    if (rows.length < PAGE) break;
  }
  if (kept.projection.state.facts > KEPT_FACTS_MAX) cache.get(deps)?.delete(id);
}
