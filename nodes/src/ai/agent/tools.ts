// What a tool is told as, and the addresses of those that call a service: the workflow fixes them. The model fills in values, and no value can
// lead to another host or another path than the one written.
import type { ConfigProblem, JsonObject } from "@auraos/kernel";
import { isTemplate } from "../../checkConfig.ts";
import { wrongParameter } from "../../readConfig.ts";
import { plainValues, z } from "../../schema.ts";
import type { Question } from "../openModel.ts";

export const toolName = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

export const parameterField = z.strictObject({
  name: z.string().regex(toolName, "must be letters, digits and _.").describe("Name."),
  description: z.string().min(1).describe("What it is, for the model."),
  type: z.enum(["text", "number", "boolean"]).default("text").describe("Kind of value."),
  required: z.boolean().default(true).describe("Must the model give it?"),
  choices: z.array(z.string()).min(1).max(100).optional().describe("The only values allowed (text)."),
});

export const toolField = z.strictObject({
  name: z.string().regex(toolName, "must be letters, digits and _.").describe("Name, as the model calls it."),
  description: z.string().min(1).describe("What it is good for and what it gives, for the model."),
  url: z
    .string()
    .min(1)
    .describe(
      "Address to get. {name} in path or query stands for a parameter; others are added to the query.",
    ),
  parameters: z.array(parameterField).max(20).default([]).describe("What the model fills in."),
  headers: plainValues("Headers to send, such as a sign-in; the model never sees them.").optional(),
});
export type Tool = z.output<typeof toolField>;

/** Of a config as written; what is still a template is looked at when it runs. */
export function toolProblems({ tools }: JsonObject): ConfigProblem[] {
  if (!Array.isArray(tools)) return [];
  const read = tools.map((one) => toolField.safeParse(one).data);
  return read.flatMap((tool, place) => (tool && !isTemplate(tool.url) ? problemsOf(tool, place, read) : []));
}

export function checkTools(tools: Tool[]): void {
  const [problem] = tools.flatMap((tool, place) => problemsOf(tool, place, tools));
  if (problem) throw wrongParameter(problem.field, problem.message);
}

function problemsOf(tool: Tool, place: number, all: (Tool | undefined)[]): ConfigProblem[] {
  const at = `tools.${place}`;
  const isTwice = all.findIndex((one) => one?.name === tool.name) < place;
  const headers = Object.entries(tool.headers ?? {});
  const broken = headers.filter(([, value]) => /[\r\n\0]/.test(String(value)));
  return [
    ...(isTwice
      ? [{ field: `${at}.name`, code: "TOOL_TWICE", message: "is the name of another tool too." }]
      : []),
    ...urlProblems(tool).map((message) => ({ field: `${at}.url`, code: "TOOL_ADDRESS", message })),
    ...broken.map(([header]) => ({
      field: `${at}.headers.${header}`,
      code: "TOOL_HEADER",
      message: "must not contain line breaks.",
    })),
  ];
}

/** As the model is told. */
export function declare(
  tools: readonly { name: string; description: string; form: JsonObject }[],
): NonNullable<Question["tools"]> {
  return tools.map(({ name, description, form }) => ({
    type: "function",
    function: { name, description, parameters: form },
  }));
}

export function argumentsForm({ parameters }: Pick<Tool, "parameters">): JsonObject {
  return {
    type: "object",
    additionalProperties: false,
    required: parameters.filter(({ required }) => required).map(({ name }) => name),
    properties: Object.fromEntries(
      parameters.map(({ name, description, type, choices }) => [
        name,
        {
          type: type === "text" ? "string" : type,
          description,
          ...(choices === undefined ? {} : { enum: choices }),
        },
      ]),
    ),
  };
}

/** The address of a call and the values that do not stand in it, or why there is none. */
export function addressOf(
  tool: Pick<Tool, "url">,
  values: JsonObject,
  { restInQuery = true }: { restInQuery?: boolean } = {},
): { url: string; rest: JsonObject } | { mistake: string } {
  const inUrl = new Set(placesOf(tool.url));
  for (const place of inUrl) {
    const value = values[place];
    if (value === undefined || value === "" || value === "." || value === "..")
      return { mistake: `"${place}" cannot be ${JSON.stringify(value ?? null)}.` };
  }
  const url = new URL(fill(tool.url, (place) => encodeURIComponent(String(values[place]))));
  const written = new URL(fill(tool.url, () => "x"));
  if (url.origin !== written.origin || depth(url) !== depth(written))
    return { mistake: "These values do not make an address of this tool." };
  const rest = Object.fromEntries(
    Object.entries(values).filter(([key, value]) => !inUrl.has(key) && value !== null),
  );
  if (restInQuery)
    for (const [key, value] of Object.entries(rest)) url.searchParams.append(key, String(value));
  return { url: url.href, rest: restInQuery ? {} : rest };
}

export function urlProblems({ url, parameters }: Pick<Tool, "url" | "parameters">): string[] {
  const known = new Set(parameters.map(({ name }) => name));
  const unknown = placesOf(url).filter((place) => !known.has(place));
  const [one, other] = ["x", "y"].map((value) => URL.parse(fill(url, () => value)));
  if (!one || !other || (one.protocol !== "http:" && one.protocol !== "https:"))
    return ["must be an address with http:// or https://."];
  return [
    ...(one.origin === other.origin && one.username === other.username && one.password === other.password
      ? []
      : ["has a parameter before the path; the model must not choose the host."]),
    ...unknown.map((place) => `names {${place}}, which is no parameter of the tool.`),
  ];
}

const places = /\{([A-Za-z][A-Za-z0-9_]*)\}/g;

function placesOf(url: string): string[] {
  return [...url.matchAll(places)].map(([, name]) => String(name));
}

function fill(url: string, value: (place: string) => string): string {
  return url.replace(places, (_, place: string) => value(place));
}

function depth(url: URL): number {
  return url.pathname.split("/").length;
}
