// Compiled definitions. A version never changes, so a program is kept by its version's id; the engine and the
// timeline ask for the same ones again and again.
import type { Evaluator, NodeType, Problem, Program, WorkflowDefinition } from "@auraos/kernel";
import { compile } from "@auraos/kernel";
import type { Pool } from "../platform/db.ts";
import { findVersionDefinition } from "./store.ts";

const KEPT_MAX = 500;

export type VersionDefinition = {
  definition: WorkflowDefinition;
  /** null of a draft. */
  version: number | null;
  workflowId: string;
  workflowName: string;
  orgId: string;
};

export type Programs = {
  /** Everything that is wrong with a definition; none = it can be published. */
  problemsOf(definition: unknown): Problem[];
  definitionOf(versionId: string): Promise<VersionDefinition | undefined>;
  /** Undefined when the version is gone or cannot be compiled any more. */
  programOf(versionId: string): Promise<Program | undefined>;
};

export function createPrograms(options: {
  journal: Pool;
  nodeType: (type: string) => NodeType | undefined;
  evaluator: Evaluator;
}): Programs {
  const definitions = new Map<string, VersionDefinition>();
  const programs = new Map<string, Program>();
  return { problemsOf, definitionOf, programOf };

  function problemsOf(definition: unknown): Problem[] {
    const compiled = compile(definition, options.nodeType, options.evaluator);
    return compiled.ok ? [] : compiled.problems;
  }

  async function definitionOf(versionId: string): Promise<VersionDefinition | undefined> {
    const known = definitions.get(versionId);
    if (known) return known;
    const row = await findVersionDefinition(options.journal, versionId);
    if (!row) return undefined;
    const found = { ...row, definition: JSON.parse(row.definition) as WorkflowDefinition };
    keep(definitions, versionId, found);
    return found;
  }

  async function programOf(versionId: string): Promise<Program | undefined> {
    const known = programs.get(versionId);
    if (known) return known;
    const version = await definitionOf(versionId);
    if (!version) return undefined;
    const compiled = compile(version.definition, options.nodeType, options.evaluator);
    if (!compiled.ok) return undefined;
    keep(programs, versionId, compiled.program);
    return compiled.program;
  }
}

/** The oldest leaves: good enough, since what is used comes back with one read. */
function keep<T>(map: Map<string, T>, key: string, value: T): void {
  if (map.size >= KEPT_MAX) {
    const oldest = map.keys().next().value;
    if (oldest !== undefined) map.delete(oldest);
  }
  map.set(key, value);
}
