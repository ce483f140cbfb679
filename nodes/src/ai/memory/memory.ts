// The memory of a conversation: rows of a data table, so that people see it, correct it and delete it like any other
// data. Read once at the beginning of an activity, which is one of its steps; written once at its end, under its key.
import type { Json, JsonObject } from "@auraos/kernel";
import type { ActivityCall, ActivityContext } from "../../defineNode.ts";
import { readConfig, wrongParameter } from "../../readConfig.ts";
import { z } from "../../schema.ts";
import type { Steps } from "../../steps.ts";
import type { Message } from "../openModel.ts";

export const memoryFields = {
  key: z.string().min(1).max(500).describe("Whose conversation, such as the number of a customer or a chat."),
  window: z.int().min(1).max(200).default(20).describe("Messages that are remembered, both sides counted."),
  table: z
    .string()
    .min(1)
    .max(100)
    .default("AI memory")
    .describe("Data table for it; made when it is not there."),
};

const schema = z.strictObject(memoryFields);
const columns = [
  { name: "key", type: "text" as const, required: true },
  { name: "role", type: "text" as const, required: true },
  { name: "content", type: "text" as const, required: true },
];

export type Memory = {
  /** Oldest first. */
  recall(): Promise<Message[]>;
  keep(said: { prompt: string; answer: string }): Promise<void>;
};

export function openMemory(call: ActivityCall, context: ActivityContext, steps: Steps): Memory | undefined {
  const [attached, another] = call.attached?.memory ?? [];
  if (!attached) return undefined;
  if (another) throw wrongParameter("memory", "is attached twice.", "Keep one of them.");
  const { key, window, table } = readConfig(schema, attached.config);
  const filter = { any: false, where: [{ column: "key", operator: "equals", value: key }] };
  return {
    async recall() {
      const rows = await steps.do("memory", async () => {
        await context.tables.ensure(table, columns);
        const sort = [{ column: "id", descending: true }];
        const found = await context.tables.find(table, { ...filter, sort, limit: window });
        return {
          value: found
            .reverse()
            .map(({ role, content }): Json => ({ role: role ?? "", content: content ?? "" })),
        };
      });
      return (rows as { role: string; content: string }[]).filter(isMessage);
    },
    async keep({ prompt, answer }) {
      const rows: JsonObject[] = [
        { key, role: "user", content: prompt },
        { key, role: "assistant", content: answer },
      ];
      await context.tables.write(table, { kind: "write", rows }, `${call.idempotencyKey}/memory`);
      await forget();
    },
  };

  /** Repeated it deletes the same, so its key need not be that of the effect. */
  async function forget(): Promise<void> {
    const sort = [{ column: "id", descending: true }];
    const found = await context.tables.find(table, { ...filter, sort, limit: window + 200 });
    const old = found.slice(window).map(({ id }) => id as Json);
    if (old.length === 0) return;
    const where = [{ column: "id", operator: "in", value: old }];
    await context.tables.write(
      table,
      { kind: "delete", filter: { any: false, where } },
      `${call.idempotencyKey}/forget`,
    );
  }
}

function isMessage(row: {
  role: string;
  content: string;
}): row is { role: "user" | "assistant"; content: string } {
  return row.role === "user" || row.role === "assistant";
}
