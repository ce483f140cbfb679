// Projections of executions, made from the stored turns and continued instead of made again: somebody who watches an
// execution asks many times, and each time only the turns since then are read.
// Small ones stay until newer ones push them out. A heavy one (big data) stays while somebody pages through it.
import type { Fact } from "@auraos/kernel";
import type { Deps } from "../deps.ts";
import { type BlobReader, decodeTurn } from "../engine/payload.ts";
import { withTenant } from "../platform/db.ts";
import { notFound, refuse } from "../platform/errors.ts";
import type { Caller } from "../platform/http.ts";
import { openTurns } from "./openBodies.ts";
import { newProjection, type Projection, project } from "./project.ts";
import { type ExecutionRow, findExecution, listTurns } from "./store.ts";

const PAGE = 500;
const KEPT_MAX = 30;
/** Of turns and payloads as they are stored; in memory they take several times as much. */
const HEAVY_BYTES = 1024 * 1024;
const HEAVY_MS = 15_000;
const HEAVY_KEPT_MAX = 2;

type Kept = {
  projection: Projection;
  reader: BlobReader;
  bytes: number;
  busy: Promise<void>;
  leave: NodeJS.Timeout | undefined;
};
const cache = new WeakMap<Deps, Map<string, Kept>>();

export async function projectionOf(
  deps: Deps,
  caller: Pick<Caller, "orgId">,
  id: string,
): Promise<{ row: ExecutionRow; projection: Projection }> {
  const row = await withTenant(deps.api, caller.orgId, (tx) => findExecution(tx, caller.orgId, id));
  if (!row) throw notFound("execution with this id");
  const kept = await keptOf(deps, row);
  // Two readers of one execution take turns: a projection is continued by one at a time.
  const turn = kept.busy.then(() => catchUp(deps, caller, id, kept));
  kept.busy = turn.catch(() => {});
  try {
    await turn;
  } catch (error) {
    // It may stand in the middle of a turn: the next reader begins anew.
    drop(deps, id);
    throw error;
  }
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
  const other = all.get(row.id);
  if (other) return other;
  const made = newKept(deps, newProjection(program));
  all.set(row.id, made);
  const oldest = all.keys().next().value;
  if (all.size > KEPT_MAX && oldest !== undefined) drop(deps, oldest);
  return made;
}

function newKept(deps: Deps, projection: Projection): Kept {
  const { payloads } = deps.blobs;
  const kept: Kept = {
    projection,
    reader: { payloads: { ...payloads, get }, known: new Map(), isViewer: true },
    bytes: 0,
    busy: Promise.resolve(),
    leave: undefined,
  };
  return kept;
  async function get(id: string): Promise<Uint8Array> {
    const bytes = await payloads.get(id);
    kept.bytes += bytes.length;
    return bytes;
  }
}

async function catchUp(deps: Deps, caller: Pick<Caller, "orgId">, id: string, kept: Kept): Promise<void> {
  for (;;) {
    const rows = await withTenant(deps.api, caller.orgId, (tx) =>
      listTurns(tx, { orgId: caller.orgId, executionId: id, after: kept.projection.seq, limit: PAGE }),
    );
    const of = { orgId: caller.orgId, executionId: id };
    for (const row of await openTurns(deps.cipher, of, rows)) {
      kept.bytes += row.body.length;
      project(kept.projection, row.seq, (await decodeTurn(kept.reader, row.body)) as Fact[]);
    }
    if (rows.length < PAGE) break;
  }
  if (kept.bytes > HEAVY_BYTES) letGoSoon(deps, id, kept);
}

function letGoSoon(deps: Deps, id: string, kept: Kept): void {
  clearTimeout(kept.leave);
  kept.leave = setTimeout(() => drop(deps, id), HEAVY_MS).unref();
  const heavy = [...(cache.get(deps) ?? [])].filter(([, one]) => one.bytes > HEAVY_BYTES);
  for (const [oldest] of heavy.slice(0, -HEAVY_KEPT_MAX)) drop(deps, oldest);
}

function drop(deps: Deps, id: string): void {
  const all = cache.get(deps);
  clearTimeout(all?.get(id)?.leave);
  all?.delete(id);
}

/** What was recorded was changed: a person was erased. */
export function forgetProjections(deps: Deps): void {
  for (const id of [...(cache.get(deps)?.keys() ?? [])]) drop(deps, id);
}
