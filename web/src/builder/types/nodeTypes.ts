// Node types as the server describes them, and as the kernel's compiler takes them.
import {
  type JsonObject,
  type NodeDefinition as Node,
  type NodeType,
  type NodeTypes,
  type PortRule,
  portsFrom,
  type Structure,
} from "@auraos/kernel";
import type { NodeType as NodeTypeOfServer } from "../../api/platform.ts";
import { checkBySchema } from "./checkBySchema.ts";
import type { Schema } from "./schema.ts";

/** `englishName`: where `name` is in another language. */
export type NodeTypeView = NodeTypeOfServer & { englishName?: string };

export type Catalogue = {
  list: readonly NodeTypeView[];
  find(type: string): NodeTypeView | undefined;
  forKernel: NodeTypes;
};

export function catalogueOf(list: readonly NodeTypeView[]): Catalogue {
  const views = new Map(list.map((view) => [view.type, view]));
  const kernel = new Map(list.map((view) => [view.type, kernelType(view)]));
  return { list, find: (type) => views.get(type), forKernel: (type) => kernel.get(type) };
}

function kernelType(view: NodeTypeView): NodeType {
  const schema = view.schema as Schema;
  return {
    type: view.type,
    version: view.version,
    category: view.category,
    effect: view.effect,
    per: view.per,
    inputs: view.inputs,
    ports: view.ports ?? portsFrom((view.portRules ?? []) as PortRule[]),
    rawFields: view.rawFields,
    ...(view.structure === undefined ? {} : { structure: view.structure as Structure }),
    checkConfig: (config: JsonObject) => checkBySchema(schema, config),
  };
}

const blocks = new Set(["foreach", "while", "parallel", "try", "saga"]);

export function isBlock(view: NodeTypeView | undefined): boolean {
  return blocks.has(view?.structure ?? "");
}

export type SectionName = "body" | "catch" | "finally" | "compensation";

export function sectionsOf(view: NodeTypeView | undefined): readonly SectionName[] {
  if (view?.structure === "try") return ["body", "catch", "finally"];
  return view?.structure === "saga" ? ["body", "compensation"] : ["body"];
}

/** Output ports of a node as it is configured; a type that is not installed has the one that wires expect. */
export function portsOf(catalogue: Catalogue, node: Node): readonly string[] {
  const type = catalogue.forKernel(node.type);
  if (!type) return ["main"];
  const own = typeof type.ports === "function" ? type.ports(node.config) : (type.ports ?? ["main"]);
  return node.errorHandling?.onError === "errorPort" && !own.includes("error") ? [...own, "error"] : own;
}

export function inputsOf(view: NodeTypeView | undefined): readonly string[] {
  if (!view) return ["main"];
  if (view.structure === "trigger" || view.structure === "attachment") return [];
  return view.inputs.filter(({ attachment }) => !attachment).map(({ name }) => name);
}

/** Configures the node it hangs on (a model, a memory, a tool) and never runs by itself. */
export function isAttachment(view: NodeTypeView | undefined): boolean {
  return view?.structure === "attachment";
}

/** Inputs that take such nodes; they stand below the card. */
export function attachmentInputsOf(view: NodeTypeView | undefined): readonly string[] {
  return view?.inputs.filter(({ attachment }) => attachment).map(({ name }) => name) ?? [];
}

/** Types are named after what they are for: `ai.model.openai` goes into `model`. */
export function fitsInto(view: NodeTypeView, input: string): boolean {
  return isAttachment(view) && view.type.split(".").includes(input);
}
