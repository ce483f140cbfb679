// Sub-nodes: attached to an input of another node they become part of its config, as the field `attached`. Their
// templates are evaluated where and when those of that node are, and problems still name the sub-node.
import type { Compilation } from "../compile.ts";
import { compileConfig } from "../config.ts";
import type { EvaluationScope } from "../evaluator.ts";
import type { JsonObject } from "../json.ts";
import type { Attached, AttachedNode } from "../nodeType.ts";
import type { CompiledConfig } from "../program.ts";

/** As written, for the check of the node that they are attached to. */
export function attachedTo(compilation: Compilation, id: string): Attached {
  const attached: Attached = {};
  for (const { from, to, input = "main" } of compilation.definition.connections) {
    if (to !== id) continue;
    const def = compilation.definition.nodes.find((node) => node.id === from);
    if (!def || compilation.nodeTypes(def.type)?.structure !== "attachment") continue;
    const list = Object.hasOwn(attached, input) ? (attached[input] as AttachedNode[]) : [];
    list.push({ id: def.id, name: def.name ?? def.id, type: def.type, config: def.config ?? {} });
    attached[input] = list;
  }
  return attached;
}

/** The config of a node together with that of its sub-nodes. */
export function withAttached(
  compilation: Compilation,
  own: CompiledConfig,
  attached: Attached,
  reader: string,
): CompiledConfig {
  const inputs = Object.entries(attached).map(([input, nodes]): [string, Compiled[]] => [
    input,
    nodes.map((node) => compileAttached(compilation, node, reader)),
  ]);
  const all = inputs.flatMap(([, nodes]) => nodes);
  const isConstant = own.isConstant && all.every(({ config }) => config.isConstant);
  const resolve = (scope: EvaluationScope): JsonObject => ({
    ...own.resolve(scope),
    attached: Object.fromEntries(
      inputs.map(([input, nodes]) => [
        input,
        nodes.map(({ node, config }) => ({ ...node, config: config.resolve(scope) })),
      ]),
    ),
  });
  return {
    isConstant,
    usesItem: own.usesItem || all.some(({ config }) => config.usesItem),
    resolve,
    lazy: own.lazy,
  };
}

type Compiled = { node: AttachedNode; config: CompiledConfig };

function compileAttached(compilation: Compilation, node: AttachedNode, reader: string): Compiled {
  const type = compilation.nodeTypes(node.type);
  const index = compilation.definition.nodes.findIndex(({ id }) => id === node.id);
  const config = compileConfig(
    node.config,
    { raw: type?.rawFields ?? [], lazy: [] },
    {
      evaluator: compilation.evaluator,
      mode: compilation.definition.settings?.expressions ?? "strict",
      nodeId: node.id,
      path: `/nodes/${index}`,
      problems: compilation.problems,
      onTemplate: (template, field) => {
        for (const name of template.nodes)
          compilation.reads.push({ node: reader, name, field, written: node.id });
      },
    },
  );
  return { node, config };
}
