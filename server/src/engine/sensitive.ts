// Fields that a workflow calls sensitive (`settings.sensitive`) do not stand in its history. Their values go to a blob of
// their own, sealed as every blob, and facts hold the reference `{"$sealed": blob, "at": place}`. A turn that has any opens
// with a fact `{"t": "Sealed", "ids": [...]}`: only those blobs are looked up when reading, so data that happens to
// contain "$sealed" stays what it is.
//
// Two ways together, for whatever is written down: by path in the items, and by value wherever else such a value stands
// (a parameter, a message), alone or within a text. What is computed from one (a hash, a part) is not known to be one.
// The state in memory is never touched: what is written is a copy where something was replaced.
import { isOver, matched, type Path, parsePath, start, step } from "../platform/fieldPaths.ts";
import { mapFields, mapList } from "../platform/mapJson.ts";

export type SealedRef = { $sealed: string; at: number };

export type Sensitive = {
  paths: readonly Path[];
  /** Where a value stands that was put away before, by its JSON text. */
  refs: Map<string, SealedRef>;
  /** Texts looked for within others. */
  texts: string[];
  /** Ends when what was to be put away is: a reference has its blob then. */
  pending: Promise<void>;
};

/** Shorter ones stand in too many texts by chance. */
const TEXT_LENGTH_MIN = 4;
/** Looked for within texts; of more, whole values are compared only. */
const TEXTS_MAX = 500;
/** What stands where a text must be shown. */
export const HIDDEN = "[sensitive]";

export function newSensitive(paths: readonly string[] | undefined): Sensitive | null {
  if (paths === undefined || paths.length === 0) return null;
  return { paths: paths.map(parsePath), refs: new Map(), texts: [], pending: Promise.resolve() };
}

/** Known from now on, at this place. */
export function rememberSealed(sensitive: Sensitive, value: unknown, ref: SealedRef): void {
  sensitive.refs.set(JSON.stringify(value), ref);
  noteTexts(sensitive, value);
}

/** The values to put away, in their order; each `ref` gets its blob once that is there. */
export type Fresh = { value: unknown; ref: SealedRef }[];

/** A copy in which references stand for sensitive values; the same object when there is none. Collects in `used` what is referred to. */
export function seal<T>(sensitive: Sensitive, value: T, fresh: Fresh, used: Set<SealedRef>): T {
  // First all that is found by path: a copy may stand before the item it was taken from.
  const byPath = inItems(value);
  return byValue(byPath) as T;

  function inItems(one: unknown): unknown {
    if (typeof one !== "object" || one === null) return one;
    if (!Array.isArray(one)) return mapFields(one, inItems);
    return mapList(one, (entry) => (isItem(entry) ? inItem(entry) : inItems(entry)));
  }

  function inItem(item: object): object {
    return mapFields(item, (field, name) => (name === "json" ? walk(field, start(sensitive.paths)) : field));
  }

  function walk(json: unknown, cursor: ReturnType<typeof start>): unknown {
    if (json !== null && matched(sensitive.paths, cursor) >= 0) return putAway(json);
    if (typeof json !== "object" || json === null || isOver(cursor)) return json;
    if (Array.isArray(json)) return mapList(json, (entry) => walk(entry, cursor));
    return mapFields(json, (field, name) => walk(field, step(sensitive.paths, cursor, name)));
  }

  function putAway(json: unknown): SealedRef {
    const text = JSON.stringify(json);
    let ref = sensitive.refs.get(text);
    if (ref === undefined) {
      ref = { $sealed: "", at: fresh.length };
      fresh.push({ value: json, ref });
      sensitive.refs.set(text, ref);
      noteTexts(sensitive, json);
    }
    used.add(ref);
    return ref;
  }

  function byValue(one: unknown): unknown {
    if (typeof one === "string") return isSensitiveText(sensitive, one) ? putAway(one) : one;
    if (typeof one === "number") return sensitive.texts.includes(String(one)) ? putAway(one) : one;
    if (typeof one !== "object" || one === null || used.has(one as SealedRef)) return one;
    return Array.isArray(one) ? mapList(one, byValue) : mapFields(one, byValue);
  }
}

/** A text to be shown, such as an error message, without the values in it. */
export function hideText(sensitive: Sensitive, text: string): string {
  let shown = text;
  for (const one of sensitive.texts) shown = shown.replaceAll(one, HIDDEN);
  return shown;
}

/** As `seal`, for what is only looked at: a word stands for the value. */
export function hide<T>(sensitive: Sensitive, value: T): T {
  const used = new Set<SealedRef>();
  const fresh: Fresh = [];
  const copy = seal(sensitive, [{ json: value }], fresh, used) as { json: unknown }[];
  // Nobody puts these away.
  for (const one of fresh) sensitive.refs.delete(JSON.stringify(one.value));
  const words = (one: unknown): unknown => {
    if (typeof one !== "object" || one === null) return one;
    if (used.has(one as SealedRef)) return HIDDEN;
    return Array.isArray(one) ? mapList(one, words) : mapFields(one, words);
  };
  return words(copy[0]?.json) as T;
}

function isSensitiveText({ refs, texts }: Sensitive, text: string): boolean {
  if (refs.size === 0) return false;
  return texts.some((one) => text.includes(one)) || refs.has(JSON.stringify(text));
}

function noteTexts(sensitive: Sensitive, value: unknown): void {
  if (typeof value === "object" && value !== null) {
    for (const one of Object.values(value)) noteTexts(sensitive, one);
    return;
  }
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string" || text.length < TEXT_LENGTH_MIN || sensitive.texts.length >= TEXTS_MAX)
    return;
  if (!sensitive.texts.includes(text)) sensitive.texts.push(text);
}

function isItem(value: unknown): value is { json: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value) && Object.hasOwn(value, "json");
}
