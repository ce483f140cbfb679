// What callers of the engine get thrown: a stable code, a sentence, and what to do next. Refusals that a caller is
// expected to meet are values (StartResult, DeliverResult); these are for everything that ended the engine's reign
// or the execution under the caller's feet.

export type EngineErrorCode =
  /** This engine does not lead; nothing was written. */
  | "NOT_LEADING"
  /** Leadership was lost while the call was under way: it may or may not have been written. */
  | "DEPOSED"
  /** The execution was set aside because its data or its definition cannot be worked with. */
  | "PARKED"
  /** Too much waits for the storage. */
  | "BUSY"
  /** Nobody knows it. */
  | "UNKNOWN_EXECUTION";

export class EngineError extends Error {
  readonly code: EngineErrorCode;
  readonly remedy: string;
  constructor(code: EngineErrorCode, message: string, remedy: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "EngineError";
    this.code = code;
    this.remedy = remedy;
  }
}

/** What restoring reads beside the store (definitions, payloads) did not answer: tried again, never the execution's fault. */
export class ReadTrouble extends Error {}

export function deposed(): EngineError {
  return new EngineError(
    "DEPOSED",
    "Another engine has taken over while this was under way.",
    "Repeat the request with the same key: it is answered by the engine that leads now.",
  );
}

export function notLeading(state: string): EngineError {
  return new EngineError(
    "NOT_LEADING",
    `The engine does not accept work: it is ${state}.`,
    "Send the request to the engine that leads, or try again in a few seconds.",
  );
}

export function parked(executionId: string, message: string): EngineError {
  return new EngineError(
    "PARKED",
    `Execution ${executionId} was set aside: ${message}`,
    "Read its error, correct the workflow or the data, and run it again.",
  );
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
