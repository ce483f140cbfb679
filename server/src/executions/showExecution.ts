// One execution for people: its row, its input and output, and its timeline.
import type { Execution } from "@auraos/contract";
import { collapse, type Failure, type Json } from "@auraos/kernel";
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import { notFound, refuse } from "../platform/errors.ts";
import type { Caller } from "../platform/http.ts";
import { ownUrl } from "../platform/ownUrl.ts";
import { formUrl } from "./askedForms.ts";
import { addUsage, type Projection, type RunRecord, type Usage } from "./project.ts";
import { projectionOf } from "./projections.ts";
import { findQueued, showQueued } from "./queued.ts";
import { findStatus } from "./store.ts";
import {
  executionSummary,
  itemAt,
  itemRunView,
  parkedViews,
  runView,
  type WaitAddresses,
  waitViews,
} from "./view.ts";

/** Larger values are asked for on their own. */
const INLINE_LENGTH_MAX = 256 * 1024;
const TIMELINE_MAX = 500;
const openStatuses = new Set(["running", "waiting", "paused", "parked"]);

export async function showExecution(
  deps: Deps,
  caller: Caller,
  id: string,
  wait: { seconds: number; signal: AbortSignal } | undefined,
): Promise<Execution> {
  if (wait && wait.seconds > 0) await waitForEnd(deps, caller, id, wait.seconds, wait.signal);
  const queued = findQueued(deps, caller, id);
  if (queued !== undefined) return showQueued(deps, id, queued);
  const { row, projection } = await projectionOf(deps, caller, id);
  const { state } = projection;
  const input = inline(inputOf(projection));
  const output = inline(outputOf(projection));
  const runs = [...projection.runs.values()];
  const closed = !openStatuses.has(row.status);
  return {
    ...executionSummary(row),
    input: input.value,
    ...(input.leftOut ? { inputLeftOut: true } : {}),
    output: output.value,
    ...(output.leftOut ? { outputLeftOut: true } : {}),
    failure: state.failure ?? failureOfRow(row.errorCode, row.errorMessage),
    reply: state.reply ? { status: state.reply.status, body: inline(state.reply.body).value } : null,
    ...(state.cancel ? { cancel: state.cancel } : {}),
    seq: projection.seq,
    timeline: runs.slice(0, TIMELINE_MAX).map((record) => runView(projection, record)),
    ...(runs.length > TIMELINE_MAX ? { timelineLeftOut: runs.length - TIMELINE_MAX } : {}),
    waits: closed ? [] : waitViews(projection, addressesOf(deps, id)),
    parked: closed ? [] : parkedViews(projection),
    ...usageOf(runs),
    ...(projection.openEffects ? { openEffects: projection.openEffects } : {}),
  };
}

/** Of all node runs together. */
function usageOf(runs: readonly RunRecord[]): { usage?: Usage } {
  let usage: Usage | undefined;
  for (const run of runs) if (run.usage) usage = addUsage(usage, run.usage);
  return usage === undefined ? {} : { usage };
}

async function waitForEnd(deps: Deps, caller: Caller, id: string, seconds: number, signal: AbortSignal) {
  const isQueued = findQueued(deps, caller, id) !== undefined;
  const found = await withTenant(deps.api, caller.orgId, (tx) => findStatus(tx, caller.orgId, id));
  if (!found && !isQueued) throw notFound("execution with this id");
  if (found && !openStatuses.has(found.status)) return;
  await deps.engine.waitFor(id, seconds * 1000, AbortSignal.any([signal, deps.draining]));
}

export function addressesOf(deps: Deps, executionId: string): WaitAddresses {
  return {
    resume: (wait) => resumeUrl(deps, executionId, wait),
    form: (wait) => formUrl(deps, executionId, wait),
  };
}

function resumeUrl(deps: Deps, executionId: string, wait: string): string {
  return `${ownUrl(deps.settings)}/hooks/resume/${deps.tokens.make(executionId, wait)}`;
}

export function inputOf(projection: Projection): Json {
  const root = projection.state.scopes[""];
  const trigger = projection.input ?? root?.items ?? [];
  return collapse(trigger);
}

export function outputOf(projection: Projection): Json {
  const { state } = projection;
  return state.reply ? state.reply.body : (state.output ?? null);
}

export async function showInput(deps: Deps, caller: Caller, id: string): Promise<Json> {
  return inputOf((await projectionOf(deps, caller, id)).projection);
}

export async function showOutput(deps: Deps, caller: Caller, id: string): Promise<Json> {
  const { row, projection } = await projectionOf(deps, caller, id);
  if (openStatuses.has(row.status) && !projection.state.reply)
    throw refuse(
      409,
      "NOT_ENDED",
      "The execution has not ended.",
      "Ask again, or wait with ?wait on the execution.",
    );
  return outputOf(projection);
}

export type DataRequest = {
  run: string;
  side: "in" | "out";
  port: string | undefined;
  from: number;
  limit: number;
};

export async function showData(deps: Deps, caller: Caller, id: string, request: DataRequest) {
  const { projection } = await projectionOf(deps, caller, id);
  const record = recordOf(projection, request.run);
  const { from, limit } = request;
  if (request.side === "in") return { run: record.run, port: null, ...pick(record.input, from, limit) };
  const ports = Object.keys(record.outputs);
  const port = request.port ?? ports[0] ?? "main";
  const items = record.outputs[port];
  if (items) return { run: record.run, port, ...pick([items], from, limit) };
  if (request.port !== undefined && ports.length > 0)
    throw notFound(`output at port "${port}"`, `This run gave ${ports.join(", ")}.`);
  return { run: record.run, port, ...partialData(record, port, from, limit) };
}

/** Items that succeeded in a run that goes on or has failed, by their place in the input. */
function partialData(record: RunRecord, port: string, from: number, limit: number) {
  const results = record.partial?.results ?? [];
  const items = [];
  let index = from;
  for (; index < results.length && items.length < limit; index += 1) {
    for (const item of results[index]?.[port]?.items ?? []) items.push({ index, ...item });
  }
  return { total: results.length, items, ...(index < results.length ? { next: String(index) } : {}) };
}

function pick(lists: RunRecord["input"], from: number, limit: number) {
  const total = lists.reduce((sum, list) => sum + list.length, 0);
  const items = [];
  for (let index = from; index < Math.min(total, from + limit); index += 1) {
    const item = itemAt(lists, index);
    if (item) items.push({ index, json: item.json, ...(item.files ? { files: item.files } : {}) });
  }
  return { total, items, ...(from + limit < total ? { next: String(from + limit) } : {}) };
}

export async function showAttempts(
  deps: Deps,
  caller: Caller,
  id: string,
  request: { run: string; from: number; limit: number },
) {
  const { projection } = await projectionOf(deps, caller, id);
  const record = recordOf(projection, request.run);
  const all = [...record.attempts].filter(([index]) => index >= request.from).sort(([a], [b]) => a - b);
  const shown = all.slice(0, request.limit);
  const next = all[request.limit]?.[0];
  return {
    items: shown.map(([index, attempts]) => itemRunView(index, attempts)),
    ...(next === undefined ? {} : { next: String(next) }),
  };
}

function recordOf(projection: Projection, run: string): RunRecord {
  const record = projection.runs.get(run);
  if (!record) throw notFound("node run of this name in the execution", "See its timeline.");
  return record;
}

function failureOfRow(code: string | null, message: string | null): Failure | null {
  return code === null ? null : { code, class: "unknown", message: message ?? "" };
}

function inline(value: Json): { value: Json; leftOut: boolean } {
  if (value === null || typeof value !== "object") {
    const leftOut = typeof value === "string" && value.length > INLINE_LENGTH_MAX;
    return { value: leftOut ? null : value, leftOut };
  }
  const leftOut = JSON.stringify(value).length > INLINE_LENGTH_MAX;
  return { value: leftOut ? null : value, leftOut };
}
