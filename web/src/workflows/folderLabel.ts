// A folder as it is read: each name keeps its own direction, the path has that of the page.

export function folderLabel(path: string): string {
  return path
    .split("/")
    .map((name) => `\u2068${name}\u2069`)
    .join(" / ");
}
