// Each node by itself: its type, its config, its templates.
import type { Compilation } from "../compile.ts";
import { compileConfig } from "../config.ts";
import type { NodeDefinition, Problem } from "../definition.ts";
import type { Attached, NodeInput, NodeType } from "../nodeType.ts";
import { attachedTo, withAttached } from "./attachments.ts";

const MAIN: readonly NodeInput[] = [{ name: "main", required: true }];
const NO_INPUTS: readonly NodeInput[] = [];

export function checkNodes(compilation: Compilation): void {
  for (const [index, def] of compilation.definition.nodes.entries())
    checkNode(compilation, def, `/nodes/${index}`);
}

function checkNode(compilation: Compilation, def: NodeDefinition, path: string): void {
  const { problems, nodes, program } = compilation;
  if (nodes.has(def.id)) {
    problems.push({
      code: "DUPLICATE_ID",
      message: `Two nodes have the id "${def.id}".`,
      remedy: "Give each node its own id.",
      path: `${path}/id`,
      node: def.id,
    });
    return;
  }
  const name = def.name ?? def.id;
  const other = program.byName.get(name);
  if (other !== undefined)
    problems.push({
      code: "DUPLICATE_NAME",
      message: `Two nodes are called "${name}" ("${other}" and "${def.id}").`,
      remedy: "Rename one: expressions find nodes by name.",
      path: `${path}/name`,
      node: def.id,
    });
  else program.byName.set(name, def.id);
  const type = compilation.nodeTypes(def.type);
  if (!type) {
    compilation.unsound.add(def.id);
    problems.push({
      code: "UNKNOWN_TYPE",
      message: `There is no node type "${def.type}".`,
      remedy: "Use a type from the list of node types (GET /api/v1/node-types).",
      path: `${path}/type`,
      node: def.id,
    });
    return;
  }
  const config = def.config ?? {};
  const attached = type.inputs?.some((input) => input.attachment) ? attachedTo(compilation, def.id) : {};
  checkOwnConfig(type, def, attached, path, problems);
  // Those of a sub-node are compiled where they are used.
  const isAttachment = type.structure === "attachment";
  const compiled = compileConfig(
    isAttachment ? {} : config,
    { raw: type.rawFields ?? [], lazy: type.lazyFields ?? [] },
    {
      evaluator: compilation.evaluator,
      mode: compilation.definition.settings?.expressions ?? "strict",
      nodeId: def.id,
      path,
      problems,
      onTemplate: (template, field) => {
        for (const read of template.nodes) compilation.reads.push({ node: def.id, name: read, field });
      },
    },
  );
  const hasAttached = Object.keys(attached).length > 0;
  nodes.set(def.id, {
    id: def.id,
    name,
    def,
    type,
    frame: "",
    blocks: [],
    config: hasAttached ? withAttached(compilation, compiled, attached, def.id) : compiled,
    dataInputs: dataInputs(type),
    wires: [],
    targets: [],
    ports: portsOf(type, def),
    join: def.join ?? "any",
    losers: [],
    ancestors: new Set(),
    sections: {},
    resultNode: typeof config.result === "string" && isBlock(type) ? config.result : null,
  });
}

export function isBlock(type: NodeType): boolean {
  return ["foreach", "while", "parallel", "try", "saga"].includes(type.structure ?? "");
}

function dataInputs(type: NodeType): readonly NodeInput[] {
  if (type.structure === "trigger" || type.structure === "attachment") return NO_INPUTS;
  if (!type.inputs) return MAIN;
  return type.inputs.filter((input) => !input.attachment);
}

function portsOf(type: NodeType, def: NodeDefinition): readonly string[] {
  const own = typeof type.ports === "function" ? type.ports(def.config ?? {}) : (type.ports ?? ["main"]);
  return def.errorHandling?.onError === "errorPort" && !own.includes("error") ? [...own, "error"] : own;
}

function checkOwnConfig(
  type: NodeType,
  def: NodeDefinition,
  attached: Attached,
  path: string,
  problems: Problem[],
): void {
  for (const problem of type.checkConfig?.(def.config ?? {}, attached) ?? [])
    problems.push({
      code: problem.code ?? "CONFIG_INVALID",
      message: problem.message,
      remedy: problem.remedy ?? `See the fields of "${type.type}".`,
      path: `${path}/config${problem.field === "" ? "" : `/${problem.field.replaceAll(".", "/")}`}`,
      node: def.id,
      field: problem.field,
      ...(problem.said === undefined ? {} : { said: problem.said }),
    });
  if (type.structure === "while" && !isCount(def.config?.maxIterations))
    problems.push({
      code: "LOOP_UNBOUNDED",
      message: "A while loop needs `maxIterations`.",
      remedy: "Set the highest number of iterations it may take.",
      path: `${path}/config/maxIterations`,
      node: def.id,
      field: "maxIterations",
    });
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 1;
}
