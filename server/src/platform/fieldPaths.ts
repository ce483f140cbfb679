// Paths of fields: `customer.email`, `*.cardNumber`, `**.password`. Names between dots; * stands for any one name, ** for
// any number of them. Lists on the way are looked through, so a path means the same for one thing and for many.

export type Path = readonly string[];

export function parsePath(text: string): Path {
  return text.split(".").map((part) => part.trim());
}

/** Where a walk stands: for each path, the places up to which it has matched. */
export type Cursor = readonly (readonly number[])[];

export function start(paths: readonly Path[]): Cursor {
  return paths.map((path) => closure(path, [0]));
}

/** One name further down. */
export function step(paths: readonly Path[], cursor: Cursor, name: string): Cursor {
  return paths.map((path, index) => {
    const places: number[] = [];
    for (const at of cursor[index] ?? []) {
      const part = path[at];
      if (part === "**") places.push(at, ...(at === path.length - 1 ? [path.length] : []));
      else if (part === "*" || part === name) places.push(at + 1);
    }
    return closure(path, places);
  });
}

/** The first path that has matched as a whole; -1 = none. */
export function matched(paths: readonly Path[], cursor: Cursor): number {
  return paths.findIndex((path, index) => cursor[index]?.includes(path.length));
}

export function isOver(cursor: Cursor): boolean {
  return cursor.every((places) => places.length === 0);
}

/** `**` may stand for no name at all, except at the end, where it means everything below. */
function closure(path: Path, places: readonly number[]): readonly number[] {
  const all = new Set(places);
  for (const at of all) if (path[at] === "**" && at + 1 < path.length) all.add(at + 1);
  return [...all];
}
