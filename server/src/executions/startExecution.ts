// Starts an execution, durable when it resolves, and says in one way why it could not.
import { hash } from "node:crypto";
import type { Item, Json } from "@auraos/kernel";
import type { Deps } from "../deps.ts";
import type { StartRequest } from "../engine/engine.types.ts";
import { refuse } from "../platform/errors.ts";
import { within } from "../platform/within.ts";

/** How long a start key is remembered. */
export const KEY_TTL_MS = 24 * 60 * 60 * 1000;
const KEY_LENGTH_MAX = 255;

export async function startExecution(
  deps: Deps,
  request: StartRequest,
): Promise<{ id: string; repeated: boolean }> {
  if (deps.draining.aborted) throw ending();
  refuseWhenFull(deps);
  const result = await within(deps.engine.start(request), "the execution started");
  if (result.kind === "started") return { id: result.executionId, repeated: false };
  if (result.kind === "existing") return { id: result.executionId, repeated: true };
  if (result.kind === "keyReused")
    throw refuse(
      409,
      "IDEMPOTENCY_KEY_REUSED",
      "This key started an execution with another body.",
      "Use a new key for a new request.",
      { executionId: result.executionId },
    );
  const status = statusOf(result.code);
  const retryAfter = { 503: "1", 507: "30" }[status];
  throw refuse(status, result.code, result.message, result.remedy, {
    ...(retryAfter === undefined ? {} : { headers: { "retry-after": retryAfter } }),
  });
}

/** Limits ask the caller to slow down; what the engine cannot do at the moment may work later. */
function statusOf(code: string): number {
  if (code === "DISK_LIMIT") return 507;
  if (/LIMIT|TOO_MANY|QUOTA/.test(code)) return 429;
  if (/SKIP|OVERLAP|CONCURRENCY/.test(code)) return 409;
  if (/INVALID|UNKNOWN_TRIGGER|DEFINITION/.test(code)) return 422;
  return 503;
}

/** Without space nothing can become durable: said at once, instead of letting callers wait for it. */
function refuseWhenFull(deps: Deps): void {
  const { state, reason } = deps.engine.status();
  if (state === "failing" && reason !== undefined && /no space left/.test(reason))
    throw refuse(507, "STORAGE_FULL", reason, "Free space on its disk; nothing that was accepted is lost.");
}

function ending() {
  return refuse(
    503,
    "ENDING",
    "The server is ending and starts nothing new.",
    "Try again in a few seconds.",
    {
      headers: { "retry-after": "2", connection: "close" },
    },
  );
}

/** An object is one item, a list one per element, nothing an empty one. */
export function itemsOf(input: unknown): Item[] {
  if (input === undefined) return [{ json: {} }];
  if (Array.isArray(input)) return (input as Json[]).map((json) => ({ json }));
  return [{ json: input as Json }];
}

export function startKey(
  header: string | undefined,
  prefix: string,
  bytes: Buffer,
): { key: string; requestHash: string; ttlMs: number } | undefined {
  if (header === undefined) return undefined;
  if (header.length === 0 || header.length > KEY_LENGTH_MAX || !/^[\x20-\x7e]+$/.test(header))
    throw refuse(
      400,
      "IDEMPOTENCY_KEY_INVALID",
      `An Idempotency-Key has 1 to ${KEY_LENGTH_MAX} printable ASCII characters.`,
      "Use a UUID.",
    );
  return { key: `${prefix}/${header}`, requestHash: hash("sha256", bytes, "hex"), ttlMs: KEY_TTL_MS };
}
