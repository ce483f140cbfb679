// Elements of an XML file as data, in batches, without ever holding the file.
import { setImmediate as breathe } from "node:timers/promises";
import type { Json } from "@auraos/kernel";
import { Parser } from "htmlparser2";
import { malformedText } from "../malformed.ts";
import { wrongParameter } from "../readConfig.ts";
import { dataOf } from "../xml/asData.ts";
import type { XmlElement } from "../xml/parseXml.ts";
import { BATCH } from "./sorter.ts";
import { type Bytes, RECORD_MAX, texts, tooLong } from "./text.ts";

export async function* readXml(bytes: Bytes, element: string | undefined): AsyncGenerator<Json[]> {
  if (element === undefined)
    throw wrongParameter("element", "is missing.", "Name the element of a row, such as orders.order.");
  const path = element.split(".");
  const open: string[] = [];
  const inside: XmlElement[] = [];
  let failure: unknown;
  let isEnding = false;
  let size = 0;
  let batch: Json[] = [];
  const isRow = () => open.length === path.length && path.every((name, place) => open[place] === name);
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        open.push(name);
        const made: XmlElement = { name, attributes: Object.entries(attributes), children: [] };
        const parent = inside.at(-1);
        if (parent !== undefined) parent.children.push(made);
        if (parent !== undefined || isRow()) inside.push(made);
        if (open.length > 200) failure ??= malformedText("The XML is deeper than 200 elements.");
      },
      ontext(text) {
        inside.at(-1)?.children.push(text);
        if (inside.length > 0) size += text.length;
        if (size > RECORD_MAX) failure ??= tooLong("element");
      },
      onclosetag(name) {
        open.pop();
        // The parser closes by itself what is still open at the end.
        if (isEnding) failure ??= malformedText(`The XML ends before <${name}> is closed.`);
        const made = inside.pop();
        if (made === undefined || inside.length > 0) return;
        size = 0;
        const value = dataOf(made, { attributes: "@", lists: [], namespaces: true })[name] as Json;
        batch.push(value);
      },
      onprocessinginstruction(name) {
        if (name.toLowerCase() === "!doctype")
          failure ??= malformedText("The XML has a document type, which is not read.");
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  for await (const text of texts(bytes)) {
    parser.write(text);
    if (failure !== undefined) throw failure;
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
    await breathe();
  }
  isEnding = true;
  parser.end();
  if (failure !== undefined) throw failure;
  if (batch.length > 0) yield batch;
}
