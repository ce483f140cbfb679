// Addresses and dates of spreadsheets.
const dayMs = 86_400_000;

/** `AB` is 27 (from 0). */
export function columnOf(letters: string): number {
  let number = 0;
  for (const letter of letters.toUpperCase()) number = number * 26 + letter.charCodeAt(0) - 64;
  return number - 1;
}

export function lettersOf(column: number): string {
  let letters = "";
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
  }
  return letters;
}

export type Range = { firstRow: number; lastRow: number; firstColumn: number; lastColumn: number };

/** `B2:F100`, `A:C`, `B2` (from there on); rows and columns count from 0. */
export function rangeOf(text: string): Range | undefined {
  const match = /^([A-Z]{1,3})(\d{0,7})(?::([A-Z]{1,3})(\d{0,7}))?$/i.exec(text);
  if (!match) return undefined;
  const [, first = "A", top = "", last, bottom = ""] = match;
  return {
    firstRow: top === "" ? 0 : Number(top) - 1,
    firstColumn: columnOf(first),
    lastRow: bottom === "" ? Number.POSITIVE_INFINITY : Number(bottom) - 1,
    lastColumn: last === undefined ? Number.POSITIVE_INFINITY : columnOf(last),
  };
}

/**
 * Spreadsheets count days. What has no day is a time, what has no time is a date, and none has a zone. Day 60 is
 * 29 February 1900, which never was; the days before it are one off.
 */
export function isoOfSerial(serial: number, is1904: boolean): string | undefined {
  if (!Number.isFinite(serial) || serial < 0 || serial > 2_958_466) return undefined;
  const days = is1904 ? serial + 1462 : serial < 60 ? serial + 1 : serial;
  const ms = Math.round(days * dayMs);
  const iso = new Date(Date.UTC(1899, 11, 30) + ms).toISOString().replace(/\.000Z$|Z$/, "");
  if (serial < 1 && !is1904) return iso.slice(11);
  return ms % dayMs === 0 ? iso.slice(0, 10) : iso;
}

export function serialOfIso(text: string): number | undefined {
  const match =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/.exec(text);
  if (!match) return undefined;
  const ms = Date.parse(`${match[1]}T${match[2] ?? "00:00"}Z`);
  const serial = (ms - Date.UTC(1899, 11, 30)) / dayMs;
  return Number.isNaN(serial) || serial < 61 ? undefined : serial;
}

/** Does a number format show a date or a time? Words in quotes, colours and escaped signs do not count. */
export function isDateFormat(id: number, code: string | undefined): boolean {
  if (code === undefined)
    return (
      (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58)
    );
  const plain = code.replace(/"[^"]*"|\\.|_.|\*./g, "").replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, "");
  return /[ymdhs]/i.test(plain.split(";")[0] ?? "") && !/^general$/i.test(plain);
}
