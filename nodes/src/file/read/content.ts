// What a file becomes, read as a stream and no further than its bounds: a workflow carries items in memory and writes them
// into its history, so a table of millions of rows stays a file and is worked on by Transform rows.
import type { Item, Json } from "@auraos/kernel";
import type { CsvOptions } from "../../csv/text.ts";
import { ActivityError } from "../../defineNode.ts";
import { malformedText } from "../../malformed.ts";
import { peek } from "../../rows/peek.ts";
import { readCsv } from "../../rows/readCsv.ts";
import { readJson, readNdjson } from "../../rows/readJson.ts";
import { readXml } from "../../rows/readXml.ts";
import { type Bytes, texts } from "../../rows/text.ts";

const remedy =
  'Read it with "as" set to "file" and work on it with Transform rows, which streams files of any size.';

/** The bytes, until there are too many of them. */
export async function* bounded(bytes: Bytes, path: string, bytesMax: number): AsyncGenerator<Uint8Array> {
  let count = 0;
  for await (const chunk of bytes) {
    count += chunk.length;
    if (count > bytesMax)
      throw new ActivityError({
        code: "FILE_TOO_LARGE",
        class: "limit",
        message: `The file "${path}" has more than ${bytesMax} bytes, which is too much to become items.`,
        remedy: `${remedy} Or raise "bytesMax".`,
        field: "bytesMax",
        certainty: "notDone",
      });
    yield chunk;
  }
}

/** Without a byte order mark. */
export async function textOf(bytes: Bytes): Promise<string> {
  const parts: string[] = [];
  for await (const part of texts(bytes)) parts.push(part);
  return parts.join("");
}

export async function itemsOf(
  format: "json" | "ndjson" | "csv" | "xml",
  bytes: Bytes,
  path: string,
  options: CsvOptions & { element?: string | undefined; rowsMax: number; signal: AbortSignal },
): Promise<Item[]> {
  const items: Item[] = [];
  const { rowsMax, signal } = options;
  const read = {
    csv: () => readCsv(bytes, options),
    json: () => jsonValues(bytes, path),
    ndjson: () => readNdjson(bytes),
    xml: () => readXml(bytes, options.element),
  };
  for await (const batch of read[format]()) {
    signal.throwIfAborted();
    if (items.length + batch.length > rowsMax) throw tooManyRows(path, rowsMax);
    for (const json of batch) items.push({ json });
  }
  return items;
}

/** A list is read element by element; anything else is one value. */
async function* jsonValues(bytes: Bytes, path: string): AsyncGenerator<Json[]> {
  const { begin, all } = await peek(bytes, 64);
  if (new TextDecoder().decode(begin.subarray(0, 64)).trimStart().startsWith("["))
    return yield* readJson(all);
  const text = await textOf(all);
  try {
    yield [JSON.parse(text) as Json];
  } catch (error) {
    throw malformedText(
      `The file "${path}" is not JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function tooManyRows(path: string, rowsMax: number): ActivityError {
  return new ActivityError({
    code: "ROWS_BOUND",
    class: "limit",
    message: `The file "${path}" has more than ${rowsMax} rows.`,
    remedy: `${remedy} Or raise "rowsMax".`,
    field: "rowsMax",
    certainty: "notDone",
  });
}
