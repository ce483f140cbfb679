// What was said before, for the chat or agent that it is attached to.
import { defineNode } from "../../defineNode.ts";
import { z } from "../../schema.ts";
import { memoryFields } from "./memory.ts";

export const aiMemory = defineNode({
  type: "ai.memory",
  version: 1,
  name: "AI memory",
  description:
    "Remembers the last messages of a conversation, by a key, in a data table, for the chat or agent that it is attached to.",
  icon: "history",
  category: "action",
  effect: "pure",
  per: "item",
  structure: "attachment",
  attaches: "memory",
  ports: [],
  schema: z.strictObject(memoryFields),
  example: { key: "{{ $json.customer }}", window: 20 },
});
