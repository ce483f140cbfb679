// A definition between its forms: the document a person sent, the text that is stored, the file that is exported.
import { hash } from "node:crypto";
import { isObject, type Json, type Problem, type WorkflowDefinition } from "@auraos/kernel";
import { stringify } from "yaml";
import { refuse } from "../platform/errors.ts";

export type Document = {
  value: Record<string, unknown>;
  text: string;
  hash: Buffer;
  name: string;
  description: string | null;
};

const NAME_LENGTH_MAX = 255;

/** Well-formed enough to be kept as a draft: an object with a name. Everything else is a problem, not a refusal. */
export function readDefinition(body: unknown): Document {
  if (!isObject(body))
    throw malformed("", "A workflow definition is an object.", "Send {name, nodes, connections}.");
  const { name, description } = body;
  if (typeof name !== "string" || name.trim() === "" || name.length > NAME_LENGTH_MAX)
    throw malformed("/name", "The workflow needs a name of 1 to 255 characters.", "Add a `name`.");
  // Lists that are left out are empty; lists of another kind are problems.
  const value = { ...body, nodes: body.nodes ?? [], connections: body.connections ?? [] };
  const text = JSON.stringify(value);
  return {
    value,
    text,
    hash: hash("sha256", text, "buffer"),
    name,
    description: typeof description === "string" ? description : null,
  };
}

export function isEmpty(value: Record<string, unknown>): boolean {
  return Array.isArray(value.nodes) && value.nodes.length === 0;
}

/** One line per scalar, keys in the written order: diffs well in a repository. */
export function exportText(definition: WorkflowDefinition | Json, format: "json" | "yaml"): string {
  if (format === "json") return `${JSON.stringify(definition, null, 2)}\n`;
  return stringify(definition, { lineWidth: 0, aliasDuplicateObjects: false });
}

function malformed(path: string, message: string, remedy: string) {
  const problem: Problem = { code: "NOT_A_DEFINITION", message, remedy, path };
  return refuse(422, "DEFINITION_INVALID", message, remedy, { problems: [problem] });
}
