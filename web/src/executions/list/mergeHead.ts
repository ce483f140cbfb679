// Puts the newest page of a list, asked for again, over the rows that are already there:
//
//   rows at least as new as the page's oldest    are those of the page, nothing else: what no longer matches the filter
//                                                leaves, what is new comes
//   older rows                                   stay
//   a gap between the page and what was known    the old rows go: the list begins anew with the page
//
// Ids are UUIDv7: they sort by start.
import type { ExecutionSummary } from "@auraos/contract";
import type { InfiniteData } from "@tanstack/react-query";

export type Page = { items: ExecutionSummary[]; next?: string | undefined; searchedTo?: string | undefined };
export type Rows = InfiniteData<Page, string>;

export function mergeHead(known: Rows, head: Page): Rows {
  const oldest = head.items.at(-1)?.id;
  const [first, ...rest] = known.pages;
  const newestKnown = first?.items[0]?.id;
  // A search that found nothing in the newest part says nothing about the older ones.
  if (oldest === undefined && head.next !== undefined) return known;
  const isAll = head.next === undefined || oldest === undefined;
  if (isAll || first === undefined || newestKnown === undefined || newestKnown < oldest)
    return { pages: [head], pageParams: [""] };
  const older = (page: Page): Page => ({ ...page, items: page.items.filter(({ id }) => id < oldest) });
  return {
    pages: [{ ...first, items: [...head.items, ...older(first).items] }, ...rest.map(older)],
    pageParams: known.pageParams,
  };
}

/** Rows of the page that are newer than everything known. */
export function countNew(known: Rows, head: Page): number {
  const newest = known.pages[0]?.items[0]?.id ?? "";
  return head.items.filter(({ id }) => id > newest).length;
}
