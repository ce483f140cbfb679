// Why something went wrong, as data. Errors of the world are values here, never exceptions.
import type { ErrorClass } from "./definition.ts";
import type { Json } from "./json.ts";

export type Failure = {
  /** Stable code, such as `HTTP_500` or `NULL_READ`. */
  code: string;
  class: ErrorClass;
  message: string;
  remedy?: string;
  /** May another attempt help? Absent = no. */
  retryable?: boolean;
  /** Wait at least this long before another attempt. */
  retryAfterMs?: number;
  /**
   * Did the outside world change? `notDone`: certainly not. `unknown`: perhaps (timeout, reset, lost worker).
   * Absent = `unknown` for `once` activities.
   */
  certainty?: "notDone" | "unknown";
  /** Only a person can say how it goes on: the run is parked, whatever the node's error handling says. */
  needsDecision?: true;
  /** The activity itself vanished (crash, lost worker): nobody saw its outcome. */
  lost?: boolean;
  /** Node run in which it happened. */
  run?: string;
  item?: number;
  field?: string;
  /** Character offset within the field's text. */
  position?: number;
  detail?: Json;
};

/** Thrown by pure node code and by template evaluation inside a turn; the kernel turns it into a Failure. */
export class NodeError extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this.name = "NodeError";
    this.failure = failure;
  }
}
