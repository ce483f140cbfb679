// Items in packets of a size that a service takes: by number, and by bytes where that is what it counts.
import type { Item, Outputs, PureCall } from "@auraos/kernel";
import { ActivityError, defineNode } from "../defineNode.ts";
import { nodeErrors } from "../errors/nodeErrors.ts";
import { readConfig } from "../readConfig.ts";
import { pathField, z } from "../schema.ts";

const schema = z.strictObject({
  size: z.int().min(1).max(1_000_000).describe("Items per batch; the last one may have fewer."),
  bytesMax: z
    .int()
    .min(1)
    .optional()
    .describe("A batch also ends before its items take more bytes than this, written as JSON."),
  into: pathField("Field for the list of items.").default("items"),
});

export const batchNode = defineNode({
  type: "batch",
  version: 1,
  name: "Batch",
  description: "Packs items into batches of a fixed size, for services that take many at once.",
  icon: "package",
  category: "transform",
  effect: "pure",
  per: "list",
  ports: ["main"],
  errors: nodeErrors(["ITEM_TOO_LARGE"]),
  schema,
  example: { size: 100, into: "rows" },
  evaluate: batch,
});

function batch(call: PureCall): Outputs {
  const { size, bytesMax, into } = readConfig(schema, call.config);
  const batches =
    bytesMax === undefined ? bySize(call.items.length, size) : byBytes(call.items, size, bytesMax);
  const items = batches.map((members, index) => ({
    json: {
      batch: index + 1,
      batches: batches.length,
      [into]: members.map((place) => (call.items[place] as Item).json),
    },
  }));
  return { main: { items, lineage: batches } };
}

function bySize(count: number, size: number): number[][] {
  const batches: number[][] = [];
  for (let start = 0; start < count; start += size) {
    batches.push(Array.from({ length: Math.min(size, count - start) }, (_, place) => start + place));
  }
  return batches;
}

function byBytes(items: readonly Item[], size: number, bytesMax: number): number[][] {
  const batches: number[][] = [];
  let used = 0;
  items.forEach((item, index) => {
    // The comma or bracket around it counts too.
    const bytes = Buffer.byteLength(JSON.stringify(item.json)) + 1;
    if (bytes + 1 > bytesMax) throw tooLarge(index, bytes - 1, bytesMax);
    const open = batches.at(-1);
    if (open && open.length < size && used + bytes <= bytesMax) {
      open.push(index);
      used += bytes;
    } else {
      batches.push([index]);
      used = bytes + 1;
    }
  });
  return batches;
}

function tooLarge(index: number, bytes: number, bytesMax: number): ActivityError {
  return new ActivityError({
    code: "ITEM_TOO_LARGE",
    class: "limit",
    message: `Item ${index} alone takes ${bytes} bytes; a batch may have ${bytesMax}.`,
    remedy: 'Take fields away first, or raise "bytesMax".',
    field: "bytesMax",
    certainty: "notDone",
  });
}
