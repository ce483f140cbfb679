// If-Match of things that are numbered by their revision: whoever has read an older one does not overwrite the newer.

/** Without If-Match, and with `*`, every revision is meant. */
export function isMeant(ifMatch: string | undefined, revision: number | undefined): boolean {
  if (ifMatch === undefined || ifMatch === "*") return true;
  const tags = ifMatch.split(",").map((tag) => tag.trim().replace(/^W\//, "").replaceAll('"', ""));
  return tags.includes(String(revision));
}
