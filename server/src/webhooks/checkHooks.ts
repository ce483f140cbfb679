// After publishing: does every address of the version answer with it, in this process? What the transaction wrote is
// read again once; if an address is still another's, whoever publishes is told instead of left to find out.
import type { Deps } from "../deps.ts";
import { refuse } from "../platform/errors.ts";
import type { HookAddress } from "./registerHooks.ts";

export async function checkHooks(
  deps: Pick<Deps, "hooks" | "published">,
  about: { orgId: string; workflowId: string; versionId: string; hooks: readonly HookAddress[] },
): Promise<void> {
  const silent = () =>
    about.hooks.find(({ path, methods }) =>
      methods.some((method) => {
        const found = deps.hooks.find(path, method);
        return !found || !("hook" in found) || found.hook.versionId !== about.versionId;
      }),
    );
  if (silent() === undefined) return;
  await deps.hooks.reload(about.workflowId);
  const first = silent();
  if (first === undefined) return;
  // Somebody published a later version meanwhile: its addresses are the right ones.
  const now = await deps.published.find(about.orgId, about.workflowId);
  if (now?.versionId !== about.versionId) return;
  throw refuse(
    500,
    "WEBHOOK_NOT_ACTIVE",
    `The version is published, but ${first.path} does not answer with it yet.`,
    "Publish once more; if it stays so, look into the log and report it.",
  );
}
