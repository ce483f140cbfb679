// Text of files is UTF-8 unless they say otherwise or the node does: what is something else is made UTF-8 on the way, and
// what is no text at all is an error with its place, never text full of question marks.
import { malformedText } from "../malformed.ts";
import { z } from "../schema.ts";
import { peek } from "./peek.ts";
import type { Bytes } from "./text.ts";

const encodings = [
  ...[
    "auto",
    "utf-8",
    "utf-16le",
    "utf-16be",
    "windows-1252",
    "windows-1250",
    "windows-1251",
    "windows-1256",
  ],
  ...["iso-8859-2", "iso-8859-15", "shift_jis", "gb18030", "big5", "euc-kr"],
] as const;

export const encodingField = z
  .enum(encodings as unknown as ["auto", ...string[]])
  .default("auto")
  .describe(
    "How the text is written. Auto: UTF-8, or what a byte order mark or the head of an XML file says. Files of older programs are often windows-1252.",
  );

/** The same text as UTF-8. */
export async function* inUtf8(bytes: Bytes, encoding: string): AsyncGenerator<Uint8Array> {
  const { begin, all } = await peek(bytes, 200);
  const found = encoding === "auto" ? encodingOf(begin) : encoding;
  if (found === "utf-8") return yield* all;
  const decoder = new TextDecoder(found, { fatal: true });
  let at = 0;
  try {
    for await (const chunk of all) {
      const text = decoder.decode(chunk, { stream: true });
      at += chunk.length;
      if (text !== "") yield Buffer.from(text);
    }
    const rest = decoder.decode();
    if (rest !== "") yield Buffer.from(rest);
  } catch (error) {
    throw error instanceof TypeError ? notText(found, at) : error;
  }
}

function encodingOf(begin: Uint8Array): string {
  if (begin[0] === 0xff && begin[1] === 0xfe) return "utf-16le";
  if (begin[0] === 0xfe && begin[1] === 0xff) return "utf-16be";
  const head = Buffer.from(begin).toString("latin1");
  const named = /^(?:\xef\xbb\xbf)?<\?xml[^>]*\sencoding=["']([\w-]+)["']/i.exec(head)?.[1];
  return named === undefined ? "utf-8" : (knownEncoding(named) ?? "utf-8");
}

/** The name by which it is known here; undefined for one that nobody knows. */
export function knownEncoding(name: string): string | undefined {
  try {
    return new TextDecoder(name.trim()).encoding;
  } catch {
    return undefined;
  }
}

/** `at`: bytes before the piece in which it is. */
export function notText(encoding: string, at: number): Error {
  return malformedText(
    `The file is not text in ${encoding.toUpperCase()}: what stands after byte ${at} cannot be read.`,
    'Set "encoding" to how it is written; files of older programs are often windows-1252.',
  );
}
