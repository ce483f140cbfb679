// Hides fields that redaction rules name in what the API shows of executions. Without a rule that concerns the caller it
// costs nothing. What is recorded stays as it is; what is shown is a copy.
import { type Item, isObject, type Json } from "@auraos/kernel";
import { createRedactor, HIDDEN, type Redactor } from "../dataProtection/redaction/redact.ts";
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import { Refusal, refuse } from "../platform/errors.ts";
import type { Caller } from "../platform/http.ts";
import type { Projection } from "./project.ts";
import { projectionOf } from "./projections.ts";
import { type ExecutionRow, findStatus } from "./store.ts";

/** What holds items, or what was made of them, in views and in facts. */
const DATA = new Set(["json", "input", "output", "body", "payload", "data", "value", "vars", "result"]);

/** `isData`: the whole of it is an item, or what was made of items. */
export async function hidden<T>(
  deps: Deps,
  caller: Caller,
  about: { executionId: string; isData?: boolean },
  view: T,
): Promise<T> {
  if (!deps.protection.rules.hidesAny(caller)) return view;
  const workflowId = await workflowOf(deps, caller, about.executionId);
  const rules = workflowId === undefined ? [] : deps.protection.rules.hiding(caller, workflowId);
  if (rules.length === 0) return view;
  const redactor = createRedactor(rules);
  const projection = await known(deps, caller, about.executionId);
  if (projection) learn(redactor, projection);
  const shown = about.isData ? redactor.data(view as Json) : withData(redactor, view as Json);
  return redactor.rest(shown) as T;
}

/** Messages may quote data, and a list does not read the data of each execution to know. */
export function hiddenRow(deps: Deps, caller: Caller, row: ExecutionRow): ExecutionRow {
  if (row.errorMessage === null || !hidesOf(deps, caller, row.workflowId)) return row;
  return { ...row, errorMessage: HIDDEN };
}

/** What carries the result of an execution under a name of its own, such as a run of a task. */
export async function hiddenRun<T extends { executionId: string | null }>(
  deps: Deps,
  caller: Caller,
  view: T,
): Promise<T> {
  const { executionId } = view;
  return executionId === null ? view : hidden(deps, caller, { executionId }, view);
}

export function hiddenMessage(deps: Deps, caller: Caller, workflowId: string, message: string): string {
  return message !== "" && hidesOf(deps, caller, workflowId) ? HIDDEN : message;
}

/** What the server itself tells about executions as events may quote what they failed with. */
export function hiddenEvent(deps: Deps, caller: Caller, event: unknown): unknown {
  if (!deps.protection.rules.hidesAny(caller) || !isObject(event) || !isObject(event.data)) return event;
  const { workflowId, error } = event.data;
  const isOwn = typeof event.type === "string" && event.type.startsWith("auraos.");
  if (!isOwn || typeof workflowId !== "string" || !isObject(error)) return event;
  if (!hidesOf(deps, caller, workflowId)) return event;
  return { ...event, data: { ...event.data, error: { ...error, message: HIDDEN } } };
}

export function hidesOf({ protection }: Deps, caller: Caller, workflowId: string | null): boolean {
  return workflowId !== null && protection.rules.hiding(caller, workflowId).length > 0;
}

/** A search must not tell what is hidden: of such workflows only what the list shows is searched. */
export function findable(deps: Deps, caller: Caller, search: string): (row: ExecutionRow) => boolean {
  const needle = search.toLowerCase();
  return (row) =>
    !hidesOf(deps, caller, row.workflowId) ||
    [row.id, row.workflowName, row.trigger, row.errorCode].some((text) =>
      text?.toLowerCase().includes(needle),
    );
}

/** Files are not looked into, so none is given out of an execution of which something is hidden. */
export async function refuseHiddenFile(deps: Deps, caller: Caller, executionId: string): Promise<void> {
  if (!deps.protection.rules.hidesAny(caller)) return;
  const workflowId = await workflowOf(deps, caller, executionId);
  if (!hidesOf(deps, caller, workflowId ?? null)) return;
  throw refuse(
    403,
    "FIELDS_HIDDEN",
    "Fields of this workflow are hidden from you, and files cannot be shown in part.",
    "Ask somebody whose role may see them.",
  );
}

async function workflowOf(deps: Deps, caller: Caller, id: string): Promise<string | undefined> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return undefined;
  const row = await withTenant(deps.api, caller.orgId, (tx) => findStatus(tx, caller.orgId, id));
  return row?.workflowId ?? deps.engine.queued(id)?.workflowId;
}

/** One that waits for its place, or whose version is gone, has no projection: what is shown of it is all there is. */
async function known(deps: Deps, caller: Caller, id: string): Promise<Projection | undefined> {
  try {
    return (await projectionOf(deps, caller, id)).projection;
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/** What the hidden fields hold in the whole execution, so that it is found in copies and texts too. */
function learn(redactor: Redactor, { input, runs, state }: Projection): void {
  const look = (items: readonly Item[]) => {
    for (const { json } of items) redactor.data(json);
  };
  look(input ?? []);
  for (const run of runs.values()) {
    for (const list of run.input) look(list);
    for (const list of Object.values(run.outputs)) look(list);
    for (const ports of run.partial?.results ?? [])
      for (const port of Object.values(ports ?? {})) look(port?.items ?? []);
  }
  redactor.data(state.output ?? null);
  redactor.data(state.reply?.body ?? null);
}

function withData(redactor: Redactor, value: Json): Json {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((one) => withData(redactor, one));
  const entries = Object.entries(value).map(([name, one]): [string, Json] => [
    name,
    DATA.has(name) ? redactor.data(one as Json) : withData(redactor, one as Json),
  ]);
  return Object.fromEntries(entries);
}
