// Rows of a CSV file, in batches, without ever holding the file.
import { type CsvOptions, columnNames, csvLines, csvRow } from "../csv/text.ts";
import { malformedText } from "../malformed.ts";
import type { Row } from "./sorter.ts";
import { type Bytes, RECORD_MAX, texts, tooLong } from "./text.ts";

/** Whole lines go to the parser; a line that goes on inside quotes waits for its end. */
export async function* readCsv(bytes: Bytes, options: CsvOptions): AsyncGenerator<Row[]> {
  let columns = Array.isArray(options.header) ? options.header : undefined;
  let rest = "";
  let count = 0;
  // Where in `rest` the search goes on, and whether that is inside quotes.
  let at = 0;
  let isQuoted = false;
  const rowsOf = (text: string): Row[] => {
    let lines = csvLines(text, options);
    if (columns === undefined && lines.length > 0) {
      const [first = []] = lines;
      columns = options.header === true ? columnNames(first) : columnNames(first.map(() => ""));
      if (options.header === true) lines = lines.slice(1);
    }
    const known = columns ?? [];
    return lines.map((values) => {
      count += 1;
      if (!options.relaxed && values.length !== known.length)
        throw malformedText(
          `Row ${count} has ${values.length} values, the columns are ${known.length}.`,
          'Check the delimiter, or set "relaxed" if lines may differ in length.',
        );
      return csvRow(values, known, options, count - 1);
    });
  };
  for await (const text of texts(bytes)) {
    rest += text;
    let end = -1;
    for (; at < rest.length; at += 1) {
      const code = rest.charCodeAt(at);
      if (code === 34) isQuoted = !isQuoted;
      else if (code === 10 && !isQuoted) end = at;
    }
    if (end >= 0) {
      const rows = rowsOf(rest.slice(0, end + 1));
      rest = rest.slice(end + 1);
      at -= end + 1;
      if (rows.length > 0) yield rows;
    } else if (rest.length > RECORD_MAX) throw tooLong("row");
  }
  if (rest.trim() !== "") yield rowsOf(rest);
}
