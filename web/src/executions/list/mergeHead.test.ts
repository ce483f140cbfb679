import assert from "node:assert/strict";
import { test } from "node:test";
import type { ExecutionSummary } from "@auraos/contract";
import { countNew, mergeHead, type Page, type Rows } from "./mergeHead.ts";

const row = (id: string) => ({ id }) as ExecutionSummary;
const page = (ids: string, next?: string): Page => ({ items: [...ids].map(row), next });
const rows = (...pages: Page[]): Rows => ({ pages, pageParams: pages.map((_, index) => String(index)) });
const ids = ({ pages }: Rows) => pages.map(({ items }) => items.map(({ id }) => id).join("")).join("|");

test("new rows come on top, older ones stay on their pages", () => {
  const known = rows(page("fed", "d"), page("cba"));
  const head = page("hgf", "f");
  assert.equal(countNew(known, head), 2);
  const merged = mergeHead(known, head);
  assert.equal(ids(merged), "hgfed|cba");
  assert.equal(merged.pages[0]?.next, "d", "the next page begins where it began");
});

test("what no longer matches leaves", () => {
  assert.equal(ids(mergeHead(rows(page("fed", "d"), page("cba")), page("fdc", "c"))), "fdc|ba");
});

test("a page that is everything is everything", () => {
  assert.equal(ids(mergeHead(rows(page("fed", "d"), page("cba")), page("f"))), "f");
  assert.equal(ids(mergeHead(rows(page("a")), page(""))), "");
});

test("after a gap the list begins anew", () => {
  assert.equal(ids(mergeHead(rows(page("cb", "b"), page("a")), page("zyx", "x"))), "zyx");
  assert.equal(ids(mergeHead(rows(page("")), page("zyx", "x"))), "zyx");
});
