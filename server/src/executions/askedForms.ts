// Forms that a running execution asks (node `form`): found by their address, answered once, followed to the next one. The
// hosted page itself is drawn and checked by ../forms. An action file.
import type { FileRef, Json } from "@auraos/kernel";
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import { ownUrl } from "../platform/ownUrl.ts";
import { answerWait } from "./controlExecution.ts";
import { projectionOf } from "./projections.ts";
import { findOrganization, findStatus } from "./store.ts";

export type AskedForm = { orgId: string; executionId: string; wait: string; form: Json };

/** A token for the page is none for the plain resume address: what is sent is always checked. */
const PREFIX = "form:";

export function formUrl(deps: Deps, executionId: string, wait: string): string {
  return ownUrl(deps.settings) + formPath(deps, executionId, wait);
}

export function formPath(deps: Deps, executionId: string, wait: string): string {
  return `/forms/run/${deps.tokens.make(executionId, PREFIX + wait)}`;
}

/** Undefined: no such address. `closed`: answered, timed out, or its execution has ended. */
export async function findAskedForm(deps: Deps, token: string): Promise<AskedForm | "closed" | undefined> {
  const place = deps.tokens.read(token);
  if (!place?.wait.startsWith(PREFIX)) return undefined;
  const { executionId } = place;
  const wait = place.wait.slice(PREFIX.length);
  const orgId = await findOrganization(deps.journal, executionId);
  if (orgId === undefined) return "closed";
  const form = (await openForms(deps, orgId, executionId)).get(wait);
  return form === undefined ? "closed" : { orgId, executionId, wait, form };
}

/** Durable when it resolves; the first answer counts (WAIT_CLOSED). */
export async function answerForm(
  deps: Deps,
  { executionId, wait }: AskedForm,
  answer: { data: Json; files: Record<string, FileRef> },
): Promise<void> {
  const { data, files } = answer;
  const given = Object.keys(files).length === 0 ? {} : { files };
  await answerWait(deps, executionId, { wait, decision: "resume", data, by: "form", ...given });
}

/** The path of the form that the execution asks next, if it asks one before it ends and within the time. */
export async function nextForm(
  deps: Deps,
  about: { orgId: string; executionId: string; after?: string },
  withinMs: number,
): Promise<string | undefined> {
  const { orgId, executionId, after } = about;
  const watching = watch(deps, executionId, after);
  try {
    const open = (await openForms(deps, orgId, executionId)).keys().find((wait) => wait !== after);
    if (open !== undefined) return formPath(deps, executionId, open);
    const found = await withTenant(deps.api, orgId, (tx) => findStatus(tx, orgId, executionId));
    if (found && ["succeeded", "failed", "cancelled", "terminated"].includes(found.status)) return undefined;
    const wait = await watching.next(withinMs);
    return wait === undefined ? undefined : formPath(deps, executionId, wait);
  } finally {
    watching.stop();
  }
}

/** Hears what happens from now on. */
function watch(deps: Deps, executionId: string, after: string | undefined) {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const stop = deps.engine.subscribe((turn) => {
    if (turn.executionId !== executionId) return;
    for (const fact of turn.facts) {
      if (
        fact.t === "WaitOpened" &&
        fact.kind === "webhook" &&
        fact.form !== undefined &&
        fact.wait !== after
      )
        resolve(fact.wait);
      if (fact.t === "ExecutionFinished") resolve(undefined);
    }
  });
  return {
    stop,
    next(withinMs: number): Promise<string | undefined> {
      const timer = setTimeout(() => resolve(undefined), withinMs);
      return promise.finally(() => clearTimeout(timer));
    },
  };
}

async function openForms(deps: Deps, orgId: string, executionId: string): Promise<Map<string, Json>> {
  const found = await projectionOf(deps, { orgId }, executionId).catch((error: unknown) => {
    if ((error as { status?: number }).status === 404) return undefined;
    throw error;
  });
  const forms = new Map<string, Json>();
  if (found && ["running", "waiting"].includes(found.row.status))
    for (const [wait, { kind, form }] of Object.entries(found.projection.state.waits))
      if (kind === "webhook" && form !== undefined) forms.set(wait, form);
  return forms;
}
