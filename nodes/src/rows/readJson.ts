// Values of a JSON file, a list or line by line, in batches, without ever holding the file.
import type { Json } from "@auraos/kernel";
import { malformedText } from "../malformed.ts";
import { BATCH } from "./sorter.ts";
import { type Bytes, RECORD_MAX, texts, tooLong } from "./text.ts";

export async function* readNdjson(bytes: Bytes): AsyncGenerator<Json[]> {
  let rest = "";
  let line = 0;
  const rowsOf = (lines: string[]): Json[] =>
    lines.flatMap((text) => {
      line += 1;
      return text.trim() === "" ? [] : [parsed(text, `Line ${line}`)];
    });
  for await (const text of texts(bytes)) {
    rest += text;
    const end = rest.lastIndexOf("\n");
    if (end < 0) {
      if (rest.length > RECORD_MAX) throw tooLong("line");
      continue;
    }
    const lines = rest.slice(0, end).split("\n");
    rest = rest.slice(end + 1);
    for (let at = 0; at < lines.length; at += BATCH) yield rowsOf(lines.slice(at, at + BATCH));
  }
  if (rest.trim() !== "") yield rowsOf([rest]);
}

/** The elements of a list, each cut out by its brackets and quotes and then parsed. */
export async function* readJson(bytes: Bytes): AsyncGenerator<Json[]> {
  let rest = "";
  let at = 0;
  let depth = 0;
  let start = -1;
  let isText = false;
  let isEscaped = false;
  let count = 0;
  let isOver = false;
  let batch: Json[] = [];
  const take = (end: number) => {
    const text = rest.slice(start, end);
    start = -1;
    if (text.trim() === "") return;
    count += 1;
    batch.push(parsed(text, `Element ${count}`));
  };
  for await (const text of texts(bytes)) {
    rest += text;
    for (; at < rest.length; at += 1) {
      const code = rest.charCodeAt(at);
      if (isText) {
        if (isEscaped) isEscaped = false;
        else if (code === 92) isEscaped = true;
        else if (code === 34) isText = false;
      } else if (depth === 0 && code > 32 && (isOver || (code !== 91 && code !== 123)))
        throw malformedText("The JSON has something beside its list.");
      else if (code === 34) isText = true;
      else if (code === 91 || code === 123) {
        depth += 1;
        if (depth === 1) {
          if (code === 123) throw malformedText("The JSON is one object, not a list of rows.");
          start = at + 1;
        }
      } else if (code === 93 || code === 125) {
        depth -= 1;
        if (depth === 0) {
          take(at);
          isOver = true;
        }
      } else if (code === 44 && depth === 1) {
        take(at);
        start = at + 1;
      }
    }
    // What was taken is let go.
    const keepFrom = start < 0 ? rest.length : start;
    rest = rest.slice(keepFrom);
    at -= keepFrom;
    if (start >= 0) start = 0;
    if (rest.length > RECORD_MAX) throw tooLong("element");
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (!isOver) throw malformedText("The JSON ends before its list is closed.");
  if (batch.length > 0) yield batch;
}

function parsed(text: string, where: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw malformedText(`${where} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
