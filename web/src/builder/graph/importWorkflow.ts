// Text of a file or a paste becomes a graph, or a list of what is wrong with it and where. Nothing is repaired in
// silence and nothing that is not known is dropped. Whether the nodes make sense together is asked later
// (validateWorkflow): a draft may have problems, but it must be a definition.
import { compileTemplate } from "@auraos/expression";
import { BOUNDS, compile, type Problem } from "@auraos/kernel";
import { parseDocument } from "yaml";
import type { Graph } from "./graph.ts";

export const IMPORT_CHARACTERS_MAX = 5_000_000;

export type Imported = { ok: true; graph: Graph } | { ok: false; problems: Problem[] };

export function importWorkflow(text: string): Imported {
  if (text.length > IMPORT_CHARACTERS_MAX)
    return refused(
      problem("TOO_LARGE", `The file has ${text.length} characters; ${IMPORT_CHARACTERS_MAX} are allowed.`, {
        remedy: "Move parts into sub-workflows, and long texts into files.",
      }),
    );
  const read = /^\s*[[{]/.test(text) ? readJson(text) : readYaml(text);
  if (!read.ok) return read;
  const problems = checkDefinition(read.value);
  return problems.length > 0 ? refused(...problems) : { ok: true, graph: read.value as Graph };
}

/** Is it a definition at all? Types of nodes are not asked for: a draft may name one that is not installed. */
export function checkDefinition(value: unknown): Problem[] {
  const forbidden = findForbidden(value);
  if (forbidden) return [forbidden];
  const compiled = compile(value, () => undefined, { compileTemplate });
  const problems = compiled.ok ? [] : compiled.problems.filter(({ code }) => !questionsOfSense.has(code));
  return problems.length > 0 ? problems : duplicateIds(value as Graph);
}

const questionsOfSense = new Set(["UNKNOWN_TYPE", "DUPLICATE_NAME"]);

/** The compiler finds these among nodes whose type it knows; here none is known. */
function duplicateIds({ nodes }: Graph): Problem[] {
  const seen = new Set<string>();
  return nodes.flatMap(({ id }, index) => {
    const isKnown = seen.has(id);
    seen.add(id);
    if (!isKnown) return [];
    const remedy = "Give each node its own id.";
    return [
      problem("DUPLICATE_ID", `Two nodes have the id "${id}".`, {
        remedy,
        path: `/nodes/${index}/id`,
        node: id,
      }),
    ];
  });
}

type Read = { ok: true; value: unknown } | { ok: false; problems: Problem[] };

function readJson(text: string): Read {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const position = Number(/position (\d+)/.exec(message)?.[1] ?? Number.NaN);
    return refused(
      problem("NOT_JSON", `This is not JSON: ${message}.`, {
        remedy: "Correct the file at this place.",
        ...(Number.isNaN(position) ? {} : { position }),
      }),
    );
  }
}

function readYaml(text: string): Read {
  try {
    const document = parseDocument(text, { maxAliasCount: 100 } as object);
    const [error] = document.errors;
    if (error)
      return refused(
        problem("NOT_YAML", `This is neither JSON nor YAML: ${error.message.split("\n")[0]}`, {
          remedy: "Correct the file at this place.",
          position: error.pos[0],
        }),
      );
    return { ok: true, value: document.toJS({ maxAliasCount: 100 }) };
  } catch (error) {
    // A hostile depth or too many aliases end up here.
    const message =
      error instanceof RangeError ? "it is nested too deeply" : String((error as Error).message);
    return refused(problem("NOT_YAML", `The file cannot be read: ${message}.`, { remedy: "Flatten it." }));
  }
}

const forbiddenKeys = new Set(["__proto__"]);

/** Iterative: a hostile depth must not overflow the stack. */
function findForbidden(root: unknown): Problem | undefined {
  let level: { value: unknown; path: string }[] = [{ value: root, path: "" }];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > BOUNDS.definitionDepthMax)
      return problem("TOO_DEEP", `The file is nested deeper than ${BOUNDS.definitionDepthMax} levels.`, {
        remedy: "Flatten the config values.",
        path: level[0]?.path.slice(0, 200) ?? "",
      });
    const next: typeof level = [];
    for (const { value, path } of level) {
      if (typeof value !== "object" || value === null) continue;
      for (const [key, child] of Object.entries(value)) {
        const childPath = `${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
        if (!Array.isArray(value) && forbiddenKeys.has(key))
          return problem("FORBIDDEN_KEY", `A field may not be called "${key}".`, {
            remedy: "Rename or remove the field.",
            path: childPath,
          });
        if (typeof child === "object" && child !== null) next.push({ value: child, path: childPath });
      }
    }
    level = next;
  }
  return undefined;
}

function problem(code: string, message: string, more: Partial<Problem> & Pick<Problem, "remedy">): Problem {
  return { code, message, path: "", ...more };
}

function refused(...problems: Problem[]): { ok: false; problems: Problem[] } {
  return { ok: false, problems };
}
