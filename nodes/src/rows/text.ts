// Bytes of a file as text, and how much of it one record may take.
import { ActivityError } from "../defineNode.ts";

export type Bytes = AsyncIterable<Uint8Array>;

/** One row or record larger than this is an error, characters. */
export const RECORD_MAX = 16 * 1024 * 1024;

export async function* texts(bytes: Bytes): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const chunk of bytes) {
    const text = decoder.decode(chunk, { stream: true });
    if (text !== "") yield text;
  }
  const rest = decoder.decode();
  if (rest !== "") yield rest;
}

export function tooLong(what: string): ActivityError {
  return new ActivityError({
    code: "TEXT_TOO_LONG",
    class: "limit",
    message: `One ${what} of the file is longer than ${RECORD_MAX / 1024 / 1024} million characters.`,
    remedy: "Look for a quote or a bracket that is not closed.",
    certainty: "notDone",
  });
}
