// Folders as a person looks at them: one that only holds other folders is there too, and each knows how much is below it.

type Folder = { path: string; count: number; total: number };

/** In the order of the names, each folder before its subfolders. */
export function foldersWithTotals(used: readonly { path: string; count: number }[]): Folder[] {
  const folders = new Map<string, Folder>();
  for (const { path, count } of used) {
    const parts = path.split("/");
    for (let depth = 1; depth <= parts.length; depth += 1) {
      const above = parts.slice(0, depth).join("/");
      const folder = folders.get(above) ?? { path: above, count: 0, total: 0 };
      folder.total += count;
      if (depth === parts.length) folder.count += count;
      folders.set(above, folder);
    }
  }
  return [...folders.values()].toSorted((one, other) => inOrder(one.path.split("/"), other.path.split("/")));
}

function inOrder(one: readonly string[], other: readonly string[]): number {
  for (const [depth, name] of one.entries()) {
    const its = other[depth];
    if (its === undefined) return 1;
    if (name !== its) return name.localeCompare(its) || (name < its ? -1 : 1);
  }
  return one.length - other.length;
}
