// Forms stand in the table of addresses like webhooks do: registered in the transaction that publishes, found in memory.
import type { HookTable } from "./hookTable.ts";
import type { HookRow } from "./store.ts";

export { readMultipart } from "./multipart.ts";

export type PublishedForm<Form> = { hook: HookRow; form: Form };

export function findForm<Form>(hooks: HookTable, path: string): PublishedForm<Form> | undefined {
  const found = hooks.find(path, "GET");
  if (!found || !("hook" in found) || found.hook.options.form === undefined) return undefined;
  return { hook: found.hook, form: found.hook.options.form as Form };
}
