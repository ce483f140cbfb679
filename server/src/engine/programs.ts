// Compiled definitions by version, each compiled once. A version never changes, so an entry never goes stale.
import type { Problem, Program } from "@auraos/kernel";
import type { EngineDeps } from "./engine.types.ts";
import type { Kernel } from "./kernel.ts";

const KEPT_MAX = 1_000;

export type Loaded =
  | { ok: true; program: Program; workflowId: string; workflowName: string; orgId: string }
  | { ok: false; code: "VERSION_UNKNOWN" | "DEFINITION_INVALID"; message: string };

export type Programs = {
  /** Compiled already. */
  known(versionId: string): Loaded | undefined;
  get(versionId: string): Promise<Loaded>;
};

export function createPrograms(deps: EngineDeps, kernel: Kernel): Programs {
  const kept = new Map<string, Loaded>();
  const loading = new Map<string, Promise<Loaded>>();

  async function load(versionId: string): Promise<Loaded> {
    const found = await deps.versions.definition(versionId);
    if (found === undefined) {
      return { ok: false, code: "VERSION_UNKNOWN", message: `There is no version ${versionId}.` };
    }
    const compiled = kernel.compile(found.definition, deps.nodeType, deps.evaluator);
    const loaded: Loaded = compiled.ok
      ? { ok: true, program: compiled.program, ...withoutDefinition(found) }
      : { ok: false, code: "DEFINITION_INVALID", message: describe(compiled.problems) };
    kept.set(versionId, loaded);
    if (kept.size > KEPT_MAX) for (const oldest of kept.keys()) if (kept.delete(oldest)) break;
    return loaded;
  }

  return {
    known: (versionId) => kept.get(versionId),
    get: (versionId) => {
      const known = kept.get(versionId);
      if (known !== undefined) return Promise.resolve(known);
      let promise = loading.get(versionId);
      if (promise === undefined) {
        promise = load(versionId).finally(() => loading.delete(versionId));
        loading.set(versionId, promise);
      }
      return promise;
    },
  };
}

function withoutDefinition(found: { workflowId: string; workflowName: string; orgId: string }) {
  const { workflowId, workflowName, orgId } = found;
  return { workflowId, workflowName, orgId };
}

function describe(problems: readonly Problem[]): string {
  const first = problems[0];
  if (first === undefined) return "The definition cannot be compiled.";
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
  return `${first.message}${more}`;
}
