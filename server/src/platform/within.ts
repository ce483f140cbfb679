// A limit on waiting for the database: a caller gets an answer, even when the database gives none.
import { refuse } from "./errors.ts";

const ANSWER_WITHIN_MS = 15_000;
/** Of one query of the API; a transaction that hangs is rolled back within as long again. */
export const QUERY_WITHIN_MS = 8_000;

export function within<T>(work: Promise<T>, what: string, limitMs = ANSWER_WITHIN_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () =>
        reject(
          refuse(
            503,
            "DATABASE_SLOW",
            `The database did not answer within ${limitMs / 1000} s; whether ${what} is not known.`,
            "Repeat the request with the same Idempotency-Key: it happens once.",
            { headers: { "retry-after": "5" } },
          ),
        ),
      limitMs,
    );
  });
  // What comes later is nobody's business any more.
  work.catch(() => {});
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
