// A page of items that a browser can show: one value of 50 MB, or a thousand of one, would only freeze it. What is too
// large says how large it is; the page ends early and goes on with `next`.
type Item = { index: number; json?: unknown; leftOut?: number };
type Data<One extends Item> = { items: One[]; next?: string };

const ITEMS_OF_FULL_SIZE = 4;

export function withinBytes<One extends Item, Whole extends Data<One>>(
  data: Whole,
  itemBytes: number,
): Whole {
  const items: One[] = [];
  let left = itemBytes * ITEMS_OF_FULL_SIZE;
  for (const item of data.items) {
    const bytes = Buffer.byteLength(JSON.stringify(item.json) ?? "");
    const shown = bytes > itemBytes ? { ...item, json: null, leftOut: bytes } : item;
    left -= shown === item ? bytes : 0;
    if (left < 0 && items.length > 0) return { ...data, items, next: String(item.index) };
    items.push(shown);
  }
  return { ...data, items };
}
