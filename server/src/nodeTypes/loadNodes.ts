// Node types from a folder (AURAOS_NODES): every folder in it that holds a `node.ts` or `node.mjs`. They run inside the
// server with all its rights, so the folder is the operator's alone. One that is not sound stops the start, and says why.
import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { addNodeTypes, findNodeType, type NodeModule } from "@auraos/nodes";
import { kit } from "@auraos/nodes/kit.ts";

export class NodesError extends Error {
  readonly code = "NODES_INVALID";
}

const files = ["node.ts", "node.mjs", "node.js"];

/** Where a type came from: the same folder may be loaded again, by a server that is started again in one process. */
const sources = new Map<string, string>();

/** Loads and registers them; gives their ids. What is registered stays for the life of the process. */
export async function loadNodes(folder: string): Promise<string[]> {
  const root = resolve(folder);
  if (!existsSync(root) || !statSync(root).isDirectory())
    throw new NodesError(`AURAOS_NODES names ${root}, which is no folder.`);
  const loaded: NodeModule[] = [];
  const found = new Map<string, string>();
  for (const name of readdirSync(root).sort()) {
    const file = files.map((one) => join(root, name, one)).find((one) => existsSync(one));
    if (file === undefined) continue;
    const module = await loadNode(file);
    loaded.push(module);
    found.set(module.type, file);
  }
  const twice = loaded.find(({ type }, index) => loaded.findIndex((one) => one.type === type) < index);
  if (twice) throw new NodesError(`Two folders of ${root} make "${twice.type}".`);
  addNodeTypes(loaded);
  for (const [type, file] of found) sources.set(type, file);
  return loaded.map(({ type }) => type);
}

export async function loadNode(file: string): Promise<NodeModule> {
  const wrong = (why: string) => new NodesError(`${file}: ${why}`);
  let made: unknown;
  try {
    const { default: make } = (await import(pathToFileURL(file).href)) as { default?: unknown };
    if (typeof make !== "function")
      throw new TypeError("its default export is not a function that is given the kit");
    made = make(kit);
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
  const problem = problemOf(made as NodeModule, file);
  if (problem !== undefined) throw wrong(problem);
  return made as NodeModule;
}

/** What the palette, the forms and the kernel rely on. */
function problemOf(module: NodeModule, file: string): string | undefined {
  const { type, name, description, icon, effect, example, errors, run, evaluate, structure } = module ?? {};
  if (typeof type !== "string" || !/^[a-z][a-zA-Z0-9]*(\.[a-z][a-zA-Z0-9]*)+$/.test(type))
    return "type must be words joined by dots, at least two, such as acme.weather.";
  if (findNodeType(type) !== undefined && sources.get(type) !== file) return `"${type}" is there already.`;
  if (typeof name !== "string" || name.length < 2) return "name is missing.";
  if (typeof description !== "string" || !/^[A-Z].{20,}\.$/s.test(description))
    return "description must be a sentence that says what it does.";
  if (typeof icon !== "string" || !/^[a-z0-9-]+$/.test(icon))
    return "icon must be the name of a Lucide icon.";
  if (structure !== undefined) return "blocks, triggers and sub-nodes can only come from the library.";
  if (module.computes)
    return "what computes for long can only come from the library; processes of the server may not read this folder.";
  if ((effect === "pure") !== (evaluate !== undefined))
    return "a pure node has evaluate, all others have run.";
  if (effect !== "pure" && run === undefined) return `a node of the effect ${effect} needs run.`;
  if (example === undefined) return "example is missing.";
  const vague = Object.entries(errors ?? {}).find(([code, about]) => !isErrorAbout(code, about));
  if (vague) return `errors.${vague[0]} needs meaning, remedy and retryable (true, false or "sometimes").`;
  const [wrong] = module.checkConfig?.(example) ?? [];
  return wrong ? `its example has a problem: ${wrong.field}: ${wrong.message}` : undefined;
}

function isErrorAbout(code: string, about: unknown): boolean {
  if (typeof about !== "object" || about === null || !/^[A-Z][A-Z0-9_]*(<[a-z]+>)?$/.test(code)) return false;
  const { meaning, remedy, retryable } = about as Record<string, unknown>;
  return (
    typeof meaning === "string" &&
    typeof remedy === "string" &&
    (typeof retryable === "boolean" || retryable === "sometimes")
  );
}
