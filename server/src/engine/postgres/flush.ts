// One flush = one autocommit statement: data-modifying CTEs behind the fence, of the parts that the batch has.
// Statements are prepared by shape; the rare parts go together, so that there are few shapes.
//
// All parts of one statement see the database as it was before it, so what touches one row twice is merged first:
// an update of an execution that starts in the same flush, two updates of one, an intent and its outcome, a wait
// that opens and closes.
import type { QueryConfig } from "pg";
import type { BodyCipher } from "../engine.types.ts";
import type { EffectRow, ExecutionUpdate, FlushBatch } from "../store.ts";
import { StoreError } from "../store.ts";
import { startsPart, updatesPart } from "./executionParts.ts";
import {
  effectsPart,
  inboxPart,
  type Part,
  startKeysPart,
  statsPart,
  turnsPart,
  waitsClosedPart,
  waitsOpenedPart,
} from "./parts.ts";
import { type SealedBatch, sealBatch } from "./sealed.ts";

/** PostgreSQL drops the connection at a message of 1 GiB, which would look like an unknown outcome, for ever. */
const BATCH_BYTES_MAX = 256 * 1024 * 1024;

// Locks the lease's row FOR SHARE, which a plain read would not: a takeover waits for this statement, and this
// statement for a takeover under way. One row while the epoch is ours.
const FENCE = "WITH f AS (SELECT 1 WHERE hold_epoch(?::int8))";

export function flushQuery(epoch: number, batch: FlushBatch, cipher?: BodyCipher): QueryConfig {
  try {
    return build(epoch, sealBatch(cipher, batch));
  } catch (error) {
    // A number that no column takes is a fault of the batch, as it would be if the server had found it.
    if (error instanceof RangeError) throw new StoreError("data", error.message, { cause: error });
    throw error;
  }
}

function build(epoch: number, batch: SealedBatch): QueryConfig {
  const { starts, updates } = mergeUpdates(batch);
  const startUpdates = batch.starts.map((row) => starts.get(row.executionId));
  const { startKeys, inboxDone, effects, waitsOpened, waitsClosed, turnKeys, textKeys } = batch;

  const parts: Part[] = [turnsPart(batch.turns, turnKeys)];
  let shape = "flush-t";
  const add = (letter: string, ...more: Part[]) => {
    shape += letter;
    parts.push(...more);
  };
  if (batch.stats) add("d", statsPart(batch.stats));
  if (batch.starts.length > 0) add("s", startsPart(batch.starts, startUpdates, textKeys));
  if (updates.length > 0) add("u", updatesPart(updates, textKeys));
  if (inboxDone.length > 0) add("i", inboxPart(inboxDone));
  if (effects.length > 0) add("e", effectsPart(mergeEffects(effects)));
  if (waitsOpened.length > 0 || waitsClosed.length > 0) {
    add("w", waitsOpenedPart(mergeWaits(batch)), waitsClosedPart(waitsClosed));
  }
  const hasKeys = startKeys.length > 0;
  if (hasKeys) add("k", startKeysPart(startKeys, Math.max(0, ...batch.starts.map((row) => row.startedAtMs))));

  const answer = hasKeys
    ? "SELECT CASE WHEN (SELECT count(*) FROM k) = ?::int8 THEN 1 ELSE refuse_start_key() END FROM f"
    : "SELECT 1 FROM f";
  const values = [epoch, ...parts.flatMap((part) => part.values), ...(hasKeys ? [startKeys.length] : [])];
  refuseHuge(values);
  return { name: shape, text: statement(shape, parts, answer), values };
}

const statements = new Map<string, string>();

function statement(shape: string, parts: readonly Part[], answer: string): string {
  let text = statements.get(shape);
  if (text === undefined) {
    let number = 0;
    text = `${FENCE},\n${parts.map((part) => part.sql).join(",\n")}\n${answer}`.replaceAll(
      "?",
      () => `$${++number}`,
    );
    statements.set(shape, text);
  }
  return text;
}

/** The last update of each execution, apart by whether it starts in this flush. */
function mergeUpdates(batch: FlushBatch): {
  starts: Map<string, ExecutionUpdate>;
  updates: ExecutionUpdate[];
} {
  const last = new Map(batch.updates.map((row) => [row.executionId, row]));
  const starts = new Map<string, ExecutionUpdate>();
  for (const { executionId } of batch.starts) {
    const update = last.get(executionId);
    if (!update) continue;
    starts.set(executionId, update);
    last.delete(executionId);
  }
  return { starts, updates: [...last.values()] };
}

function mergeEffects(rows: readonly EffectRow[]): EffectRow[] {
  const merged = new Map<string, EffectRow>();
  for (const row of rows) {
    const key = `${row.executionId} ${row.attempt} ${row.command}`;
    merged.set(key, { ...row, deadlineMs: row.deadlineMs ?? merged.get(key)?.deadlineMs ?? null });
  }
  return [...merged.values()];
}

/** A wait that opens and closes in one flush was never to be answered by anybody. */
function mergeWaits(batch: FlushBatch): FlushBatch["waitsOpened"] {
  const closed = new Set(batch.waitsClosed.map((row) => `${row.executionId} ${row.wait}`));
  const opened = new Map(batch.waitsOpened.map((row) => [`${row.executionId} ${row.wait}`, row]));
  return [...opened].filter(([key]) => !closed.has(key)).map(([, row]) => row);
}

function refuseHuge(values: readonly (string | number | Buffer)[]): void {
  const bytes = values.reduce<number>((sum, value) => sum + (Buffer.isBuffer(value) ? value.length : 0), 0);
  if (bytes > BATCH_BYTES_MAX)
    throw new StoreError("data", `a flush of ${bytes} bytes is more than one statement takes`);
}
