// What is thrown for text that should have a form and has not, and for more text than a step may take in one go.
import { ActivityError } from "./defineNode.ts";

export function malformedText(message: string, remedy?: string): ActivityError {
  return new ActivityError({
    code: "DATA_MALFORMED",
    class: "data",
    message,
    certainty: "notDone",
    ...(remedy === undefined ? {} : { remedy }),
  });
}

/** Pure nodes compute within a turn, so what they take in is bounded. */
export const textMax = 5_000_000;

export function boundText(text: string, field: string): string {
  if (text.length <= textMax) return text;
  throw new ActivityError({
    code: "TEXT_TOO_LONG",
    class: "limit",
    message: `"${field}" has ${text.length} characters; this step takes ${textMax / 1_000_000} million.`,
    remedy:
      "Keep it as a file: Read file makes items of CSV, JSON and XML files up to a bound, Transform rows works on files of " +
      "any size.",
    certainty: "notDone",
  });
}
