// Bytes of a file as text, and how much of it one record may take.
import { ActivityError } from "../defineNode.ts";
import { notText } from "./encoding.ts";

export type Bytes = AsyncIterable<Uint8Array>;

/** One row or record larger than this is an error, characters. */
export const RECORD_MAX = 16 * 1024 * 1024;

export async function* texts(bytes: Bytes): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let at = 0;
  for await (const chunk of bytes) {
    const text = decoded(() => decoder.decode(chunk, { stream: true }), at);
    at += chunk.length;
    if (text !== "") yield text;
  }
  const rest = decoded(() => decoder.decode(), at);
  if (rest !== "") yield rest;
}

function decoded(decode: () => string, at: number): string {
  try {
    return decode();
  } catch {
    throw notText("utf-8", at);
  }
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
