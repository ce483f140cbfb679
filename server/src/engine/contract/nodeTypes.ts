// Node types for the stories of the driver contract: one of each effect, and the structures that the driver serves.
import type { NodeType } from "@auraos/kernel";

const types: NodeType[] = [
  {
    type: "trigger.manual",
    version: 1,
    category: "trigger",
    effect: "pure",
    per: "list",
    structure: "trigger",
  },
  {
    type: "trigger.error",
    version: 1,
    category: "trigger",
    effect: "pure",
    per: "list",
    structure: "trigger",
  },
  { type: "read", version: 1, category: "action", effect: "read", per: "list", timeoutMs: 5_000 },
  { type: "work", version: 1, category: "action", effect: "idempotent", per: "list", timeoutMs: 5_000 },
  { type: "each", version: 1, category: "action", effect: "idempotent", per: "item", timeoutMs: 5_000 },
  { type: "once", version: 1, category: "action", effect: "once", per: "list", timeoutMs: 400 },
  {
    type: "asked",
    version: 1,
    category: "action",
    effect: "once",
    per: "list",
    timeoutMs: 400,
    confirms: true,
  },
  {
    type: "wait",
    version: 1,
    category: "action",
    effect: "pure",
    per: "list",
    structure: "wait",
    ports: ["main", "timeout"],
  },
  {
    type: "approval",
    version: 1,
    category: "action",
    effect: "pure",
    per: "list",
    structure: "approval",
    ports: ["approved", "rejected", "timeout"],
  },
  {
    type: "subworkflow",
    version: 1,
    category: "action",
    effect: "idempotent",
    per: "list",
    structure: "subworkflow",
  },
  { type: "respond", version: 1, category: "action", effect: "pure", per: "list", structure: "respond" },
  {
    type: "mark",
    version: 1,
    category: "transform",
    effect: "pure",
    per: "list",
    onEmpty: "run",
    evaluate: (call) => ({
      main: { items: [{ json: { mark: call.config.mark ?? "marked", count: call.items.length } }] },
    }),
  },
];

const byName = new Map(types.map((type) => [type.type, type]));

export function contractNodeType(type: string): NodeType | undefined {
  return byName.get(type);
}
