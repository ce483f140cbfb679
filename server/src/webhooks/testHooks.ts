// Addresses for trying a draft out: while the builder listens, one request to /hooks/test/<token>, or one form that is sent
// at /forms/test/<token>, runs the draft as it was when listening began, and is answered as the real address would. In
// memory only: whoever tries out is here.
import { randomBytes } from "node:crypto";
import type { WorkflowDefinition } from "@auraos/kernel";
import type { Deps } from "../deps.ts";
import { refuse } from "../platform/errors.ts";
import type { Caller } from "../platform/http.ts";
import { draftTarget } from "../workflows/findTarget.ts";
import { registrationsOf } from "./registerHooks.ts";
import type { HookRow } from "./store.ts";

const LISTEN_MS = 10 * 60_000;
const OPEN_MAX = 10_000;

export type TestHooks = {
  open(methods: readonly string[], hook: HookRow): { path: string; expiresMs: number };
  /** Without using it up: a form is shown before it is sent. */
  peek(path: string): HookRow | undefined;
  /** Once: the next request finds nothing. */
  take(path: string, method: string): HookRow | undefined;
};

export const TEST_PATH = "/hooks/test/";
export const FORM_TEST_PATH = "/forms/test/";

export function createTestHooks(nowMs: () => number): TestHooks {
  const byToken = new Map<string, { hook: HookRow; methods: readonly string[]; expiresMs: number }>();
  return {
    open(methods, hook) {
      const now = nowMs();
      for (const [token, { expiresMs }] of byToken) if (expiresMs <= now) byToken.delete(token);
      if (byToken.size >= OPEN_MAX)
        throw refuse(429, "TEST_HOOKS_MANY", "Too many test addresses are open.", "Wait ten minutes.");
      const token = randomBytes(18).toString("base64url");
      const expiresMs = now + LISTEN_MS;
      byToken.set(token, { hook, methods, expiresMs });
      const isForm = hook.options.form !== undefined;
      return { path: `${isForm ? FORM_TEST_PATH : TEST_PATH}${token}`, expiresMs };
    },
    peek(path) {
      const found = byToken.get(tokenOf(path));
      return found !== undefined && found.expiresMs > nowMs() ? found.hook : undefined;
    },
    take(path, method) {
      const token = tokenOf(path);
      const found = byToken.get(token);
      if (!found?.methods.includes(method) || found.expiresMs <= nowMs()) return undefined;
      byToken.delete(token);
      return found.hook;
    },
  };
}

/** Both kinds of addresses are as long before it. */
function tokenOf(path: string): string {
  return path.slice(TEST_PATH.length);
}

export type OpenedTestHook = { node: string; path: string; methods: string[]; expiresAt: string };

export async function openTestHooks(deps: Deps, caller: Caller, workflow: string): Promise<OpenedTestHook[]> {
  const target = await draftTarget(deps, caller, workflow);
  const found = await deps.programs.definitionOf(target.versionId);
  const hooks = registrationsOf((found?.definition ?? { nodes: [] }) as WorkflowDefinition);
  if (hooks.length === 0)
    throw refuse(
      409,
      "WEBHOOK_NONE",
      "The draft has no webhook and no form trigger.",
      "Add one, and save the draft before listening.",
    );
  const { workflowId, workflowName, versionId } = target;
  return hooks.map(({ node, methods, respond, waitSeconds, options }) => {
    const { path, expiresMs } = deps.testHooks.open(methods, {
      ...{ path: "", method: "", orgId: caller.orgId, envId: caller.envId },
      ...{ workflowId, workflowName, versionId, node, respond, waitSeconds: waitSeconds ?? null },
      options: options === undefined ? {} : JSON.parse(options),
    });
    return { node, path, methods, expiresAt: new Date(expiresMs).toISOString() };
  });
}
