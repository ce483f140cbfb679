// Which node stands in which body: parents, sections, loops around break, compensations.
import type { Compilation } from "../compile.ts";
import type { Section } from "../definition.ts";
import { BOUNDS, type ProgramNode } from "../program.ts";
import { isBlock } from "./nodes.ts";

const SECTIONS_OF: Record<string, readonly Section[]> = {
  foreach: ["body"],
  while: ["body"],
  parallel: ["body"],
  try: ["body", "catch", "finally"],
  saga: ["body", "compensation"],
};

export function checkFrames(compilation: Compilation): void {
  const indexOf = new Map(compilation.definition.nodes.map((node, index) => [node.id, index]));
  for (const node of compilation.nodes.values()) {
    const path = `/nodes/${indexOf.get(node.id)}`;
    if (isInside(compilation, node)) {
      compilation.unsound.add(node.id);
      continue;
    }
    const problem = (field: string, code: string, message: string, remedy: string): void => {
      compilation.unsound.add(node.id);
      compilation.problems.push({ code, message, remedy, path: `${path}/${field}`, node: node.id });
    };
    const blocks = enclosing(compilation, node);
    if (typeof blocks === "string") {
      problem(
        "parent",
        blocks === "cycle" ? "PARENT_CYCLE" : "PARENT_INVALID",
        parentMessage(blocks, node),
        "Use the id of a block node, or remove `parent`.",
      );
      continue;
    }
    if (blocks.length > BOUNDS.depthMax)
      problem(
        "parent",
        "TOO_DEEP",
        `Blocks may be nested ${BOUNDS.depthMax} deep.`,
        "Move the inner part into a sub-workflow.",
      );
    const section = node.def.section ?? "body";
    const parent = node.def.parent;
    if (parent === undefined) {
      if (node.def.section !== undefined && section !== "body")
        problem(
          "section",
          "SECTION_INVALID",
          "A node outside of blocks has no section.",
          "Set `parent` or remove `section`.",
        );
    } else {
      const structure = compilation.nodes.get(parent)?.type.structure ?? "";
      if (!SECTIONS_OF[structure]?.includes(section))
        problem(
          "section",
          "SECTION_INVALID",
          `A ${structure} block has no section "${section}".`,
          `Use one of: ${SECTIONS_OF[structure]?.join(", ")}.`,
        );
      if (node.type.structure === "trigger")
        problem(
          "parent",
          "TRIGGER_IN_BLOCK",
          "A trigger cannot stand inside a block.",
          "Move it to the top level.",
        );
    }
    node.blocks = blocks;
    node.frame = parent === undefined ? "" : `${parent}:${section}`;
  }
  for (const node of compilation.nodes.values())
    if (!compilation.unsound.has(node.id)) checkPlace(compilation, node, `/nodes/${indexOf.get(node.id)}`);
}

/** Inside a block whose own type is unknown: nothing can be said of its place. */
function isInside(compilation: Compilation, node: ProgramNode): boolean {
  let parent = node.def.parent;
  for (let depth = 0; parent !== undefined && depth <= BOUNDS.nodesMax; depth++) {
    if (compilation.unsound.has(parent)) return true;
    parent = compilation.nodes.get(parent)?.def.parent;
  }
  return false;
}

function parentMessage(why: string, node: ProgramNode): string {
  if (why === "cycle") return "The block contains itself.";
  return `"${node.def.parent}" is not a block of this workflow.`;
}

function enclosing(compilation: Compilation, node: ProgramNode): string[] | "cycle" | "missing" {
  const blocks: string[] = [];
  for (let parent = node.def.parent; parent !== undefined; ) {
    const block = compilation.nodes.get(parent);
    if (!block || !isBlock(block.type)) return "missing";
    if (blocks.includes(parent) || parent === node.id) return "cycle";
    blocks.push(parent);
    parent = block.def.parent;
  }
  return blocks;
}

function checkPlace(compilation: Compilation, node: ProgramNode, path: string): void {
  const add = (field: string, code: string, message: string, remedy: string): void => {
    compilation.problems.push({ code, message, remedy, path: `${path}/${field}`, node: node.id });
  };
  const structure = node.type.structure;
  if (
    (structure === "break" || structure === "continue") &&
    !node.blocks.some((id) => isLoop(compilation, id))
  )
    add(
      "type",
      "OUTSIDE_LOOP",
      `"${structure}" only makes sense inside a loop.`,
      "Put it into a for-each or while block.",
    );
  if (node.resultNode !== null) {
    const result = compilation.nodes.get(node.resultNode);
    if (!result || result.def.parent !== node.id || (result.def.section ?? "body") !== "body")
      add(
        "config/result",
        "RESULT_INVALID",
        `"${node.resultNode}" is not a node in the body of this block.`,
        "Name a node of the body, or remove `result`.",
      );
  }
  const undo = node.def.compensate;
  if (undo === undefined) return;
  const target = compilation.nodes.get(undo);
  const saga = target?.def.parent;
  if (target?.def.section !== "compensation" || saga === undefined || !node.blocks.includes(saga))
    add(
      "compensate",
      "COMPENSATE_INVALID",
      `"${undo}" is not a compensation node of a saga around this node.`,
      "Give the compensating node `parent: <saga>` and `section: compensation`.",
    );
  else if (node.def.section === "compensation")
    add(
      "compensate",
      "COMPENSATE_INVALID",
      "A compensation cannot itself be compensated.",
      "Remove `compensate`.",
    );
}

function isLoop(compilation: Compilation, id: string): boolean {
  const structure = compilation.nodes.get(id)?.type.structure;
  return structure === "foreach" || structure === "while";
}
