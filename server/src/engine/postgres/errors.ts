// Database errors as the engine understands them. The difference that matters: did anything get written?
import { classifyDatabaseError } from "../../platform/db.ts";
import { StoreError, type StoreErrorKind } from "../store.ts";

/** An error of a flush. The server answered ERROR: nothing was written. It said nothing, or died: nobody knows. */
export function flushError(error: unknown): unknown {
  return translate(error, "unknownOutcome");
}

/** An error of a read, or of a write that may be repeated. */
export function readError(error: unknown): unknown {
  return translate(error, "unavailable");
}

/** A connection could not be made. */
export function connectError(error: unknown): StoreError {
  return new StoreError("unavailable", `no connection to the database: ${messageOf(error)}`, {
    cause: error,
  });
}

function translate(error: unknown, whenLost: StoreErrorKind): unknown {
  if (error instanceof StoreError) return error;
  const trouble = classifyDatabaseError(error);
  // A mistake in our own code is neither the data's fault nor the database's: bisecting it would park everybody.
  const kinds = {
    data: "data",
    full: "full",
    corrupt: "corrupt",
    busy: "unavailable",
    lost: whenLost,
    other: "unavailable",
  };
  return new StoreError(kinds[trouble] as StoreErrorKind, messageOf(error), { cause: error });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
