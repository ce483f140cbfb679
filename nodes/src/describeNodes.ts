// Writes docs/nodes.md from the node types themselves:
//   node nodes/src/describeNodes.ts > docs/nodes.md, then npm run format
import { isObject, type JsonObject } from "@auraos/kernel";
import type { NodeErrors } from "./errors/nodeErrors.ts";
import { type ErrorGroup, platformErrors } from "./errors/platformErrors.ts";
import { configSchema, type NodeModule, nodeTypes } from "./index.ts";

const groups: [string, string, NodeModule["category"]][] = [
  ["Triggers", "Start a workflow.", "trigger"],
  ["Actions", "Reach the outside world, or wait for it.", "action"],
  ["Flow", "Decide which way items go, and how often.", "condition"],
  ["Data", "Change items; computed within the engine, without an effect outside.", "transform"],
];

const effects: Record<NodeModule["effect"], string> = {
  pure: "pure: computed by the engine itself",
  read: "read: may be repeated freely",
  idempotent: "idempotent: repeated with the same key",
  once: "once: never repeated when its outcome is unknown",
};

export function nodesMarkdown(): string {
  const parts = groups.flatMap(([title, about, category]) => [
    `## ${title}\n\n${about}`,
    ...nodeTypes.filter((module) => module.category === category).map(describe),
  ]);
  return `# Node types

Written from the node types themselves (\`nodes/src/describeNodes.ts\`); what a field is called here is what it is called in a
definition. Any value may be a template, \`{{ ... }}\`, unless said otherwise.

A table of errors lists the codes with which a node fails by itself, which is what an error branch looks at. What is added by the
parts of the platform that a node uses stands [at the end](#errors-of-the-platform).

${parts.join("\n\n")}

## Errors of the platform

${groupNames.map(groupMarkdown).join("\n\n")}
`;
}

const groupTitles: Record<ErrorGroup, string> = {
  every: "Errors of every node",
  activity: "Errors of every node with an effect",
  outbound: "Errors of calls to the network",
  files: "Errors of the file area",
  blobs: "Errors of files of items",
  connection: "Errors of connections",
  tables: "Errors of data tables",
  events: "Errors of the event bus",
  workflow: "Errors of workflows as tools",
};
const groupNames = Object.keys(groupTitles) as ErrorGroup[];

function groupMarkdown(group: ErrorGroup): string {
  return `### ${groupTitles[group]}\n\n${errorTable(platformErrors[group])}`;
}

function errorsMarkdown({ errors = {}, run }: NodeModule): string[] {
  const own = Object.entries(errors).filter(([, { from }]) => from === undefined);
  const groups = new Set(Object.values(errors).flatMap(({ from }) => from ?? []));
  if (run !== undefined) groups.add("activity");
  const links = [...groups].map((group) => {
    const title = groupTitles[group];
    return `[${title.replace("Errors of ", "")}](#${title.toLowerCase().replaceAll(" ", "-")})`;
  });
  return [
    ...(own.length > 0 ? [errorTable(Object.fromEntries(own))] : []),
    ...(links.length > 0 ? [`Further errors: ${links.join(", ")}.`] : []),
  ];
}

function errorTable(errors: NodeErrors): string {
  const words = { true: "yes", false: "no", sometimes: "depends" };
  const rows = Object.entries(errors).map(
    ([code, { meaning, remedy, retryable }]) =>
      `| \`${code}\` | ${cell(meaning)} | ${words[`${retryable}`]} | ${cell(remedy)} |`,
  );
  return ["| Error | When | Retry helps | What to do |", "|---|---|---|---|", ...rows].join("\n");
}

function describe(module: NodeModule): string {
  const fields = fieldsOf(configSchema(module.schema));
  const table = ["| Field | Kind | Meaning |", "|---|---|---|", ...fields.map(row)].join("\n");
  return [
    `### ${module.name} \`${module.type}\``,
    module.description,
    factsOf(module),
    ...(fields.length > 0 ? [table] : []),
    ...errorsMarkdown(module),
    ...(isPlain(module.example) ? [] : [`\`\`\`json\n${JSON.stringify(module.example, null, 2)}\n\`\`\``]),
  ].join("\n\n");
}

function isPlain(example: JsonObject | undefined): boolean {
  return example === undefined || Object.keys(example).length === 0;
}

function factsOf(module: NodeModule): string {
  const { ports = ["main"], example = {}, inputs } = module;
  const names = typeof ports === "function" ? [...ports(example), "(by settings)"] : ports;
  const takes =
    inputs ?? (module.category === "trigger" || module.structure === "attachment" ? [] : [{ name: "main" }]);
  const data = takes.filter((input) => !input.attachment).map((input) => input.name);
  const attached = takes.filter((input) => input.attachment).map((input) => input.name);
  const facts = [
    `runs ${module.per === "item" ? "per item" : "once for all items"}`,
    ...(module.structure
      ? []
      : [`effect ${effects[module.effect]}${module.effectOf ? " (depends on its settings)" : ""}`]),
    ...(data.length > 0 ? [`inputs ${data.join(", ")}`] : []),
    ...(attached.length > 0 ? [`attached ${attached.join(", ")}`] : []),
    names.length > 0 ? `ports ${names.join(", ")}` : "no ports",
    ...(module.onEmpty === "run" ? ["runs on an empty list too"] : []),
  ];
  return `*${facts.join("; ")}.*`;
}

type Field = { name: string; kind: string; text: string };

function row({ name, kind, text }: Field): string {
  return `| \`${name}\` | ${kind} | ${cell(text)} |`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

/** Fields with those inside them; variants of a field are told apart by their fixed values. */
function fieldsOf(schema: unknown, path = ""): Field[] {
  if (!isObject(schema) || !isObject(schema.properties)) return [];
  const required: unknown[] = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(schema.properties).flatMap(([key, field]) => {
    if (!isObject(field)) return [];
    const name = path === "" ? key : `${path}.${key}`;
    const given = "default" in field ? ` Default: \`${JSON.stringify(field.default)}\`.` : "";
    const needed = required.includes(key) ? " **Required.**" : "";
    return [
      { name, kind: kindOf(field), text: `${String(field.description ?? "")}${given}${needed}` },
      ...insideOf(field, name),
    ];
  });
}

function insideOf(field: Record<string, unknown>, name: string): Field[] {
  if (isObject(field.items))
    return [...fieldsOf(field.items, `${name}[]`), ...choicesOf(field.items, `${name}[]`)];
  return [...fieldsOf(field, name), ...choicesOf(field, name)];
}

function choicesOf(field: Record<string, unknown>, name: string): Field[] {
  const found = choices(field).flatMap((choice) => fieldsOf(choice, name));
  return [...new Map(found.map((one) => [`${one.name} ${one.text}`, one])).values()];
}

function choices(field: Record<string, unknown>): Record<string, unknown>[] {
  return [field.anyOf, field.oneOf].filter(Array.isArray).flat().filter(isObject);
}

function kindOf(field: Record<string, unknown>): string {
  if (Array.isArray(field.enum)) return field.enum.map((value) => `\`${String(value)}\``).join(", ");
  if (field.const !== undefined) return `\`${String(field.const)}\``;
  const kinds = choices(field).map(kindOf);
  if (kinds.length > 0) return [...new Set(kinds)].join(" or ");
  if (field.type === "array") return isObject(field.items) ? `list of ${kindOf(field.items)}` : "list";
  const names: Record<string, string> = {
    string: "text",
    number: "number",
    integer: "whole number",
    boolean: "true/false",
    object: "object",
    null: "null",
  };
  return names[String(field.type)] ?? "any";
}

if (import.meta.main) process.stdout.write(nodesMarkdown());
