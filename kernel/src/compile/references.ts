// `$('Name')` must read something that has certainly settled: an ancestor by wires, or one of an enclosing block.
import type { Compilation } from "../compile.ts";
import type { ProgramNode } from "../program.ts";

export function checkReferences(compilation: Compilation): void {
  for (const read of compilation.reads) {
    const node = compilation.nodes.get(read.node) as ProgramNode;
    if (compilation.unsound.has(node.id) || isUnsound(compilation, read.name)) continue;
    const target = compilation.nodes.get(compilation.program.byName.get(read.name) ?? "");
    const wrong = target
      ? whyUnreadable(compilation, node, target)
      : `There is no node called "${read.name}".`;
    if (wrong === undefined && target) {
      compilation.program.referenced.add(target.id);
      compilation.program.followsLineage = true;
      continue;
    }
    compilation.problems.push({
      code: target ? "UNREADABLE_NODE" : "UNKNOWN_NODE",
      message: wrong as string,
      remedy: target
        ? "Read only nodes that lead here by wires, in this body or an enclosing one."
        : "Use the name of a node of this workflow.",
      path: `/nodes/${indexOf(compilation, read.written ?? node.id)}/config/${read.field.replaceAll(".", "/")}`,
      node: read.written ?? node.id,
      field: read.field,
    });
  }
}

function indexOf({ definition }: Compilation, id: string): number {
  return definition.nodes.findIndex((node) => node.id === id);
}

function isUnsound(compilation: Compilation, name: string): boolean {
  return compilation.unsound.has(compilation.program.byName.get(name) ?? "");
}

function whyUnreadable(
  compilation: Compilation,
  reader: ProgramNode,
  target: ProgramNode,
): string | undefined {
  let inner: ProgramNode | undefined = reader;
  while (inner) {
    if (inner.frame === target.frame) {
      if (inner.ancestors.has(target.id)) return undefined;
      if (inner.id === target.id && inner !== reader)
        return `"${target.name}" is the block around this node.`;
      return `"${target.name}" does not lead to "${reader.name}", so it may not have run yet.`;
    }
    inner = inner.def.parent === undefined ? undefined : compilation.nodes.get(inner.def.parent);
  }
  return `"${target.name}" stands inside a block; only its block's output can be read from outside.`;
}
