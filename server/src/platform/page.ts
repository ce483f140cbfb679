// Lists in pages, by the key of the last row seen: cheap at any depth, and stable while rows are added.
import { refuse } from "./errors.ts";

export function pageOf<Row, View>(
  rows: readonly Row[],
  limit: number,
  key: (row: Row) => string,
  view: (row: Row) => View,
): { items: View[]; next?: string } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(view),
    ...(rows.length > limit && last !== undefined ? { next: cursorOf(key(last)) } : {}),
  };
}

export function cursorOf(key: string): string {
  return Buffer.from(key).toString("base64url");
}

/** For lists by name: the name a cursor stands for; null = from the start. */
export function nameAfter(after: string | undefined): string | null {
  const name = after === undefined ? null : Buffer.from(after, "base64url").toString();
  if (name?.includes("\0"))
    throw refuse(400, "CURSOR_INVALID", "`after` is no place in this list.", "Use `next`.");
  return name;
}

/** The key a cursor stands for: a number or an id; null = from the start. */
export function placeAfter(after: string | undefined): string | null {
  if (after === undefined) return null;
  const key = Buffer.from(after, "base64url").toString();
  if (/^(\d{1,12}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.test(key)) return key;
  throw notInList();
}

export function notInList(): Error {
  return refuse(400, "CURSOR_INVALID", "`after` is no place in this list.", "Use `next` of the page before.");
}
