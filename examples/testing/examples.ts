// Reads the examples of this folder.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Item, Json, JsonObject } from "@auraos/kernel";
import { parse } from "yaml";

export type Example = {
  name: string;
  folder: string;
  workflow: unknown;
  isYaml: boolean;
  input: Json;
  expected: Json;
  /** Needs the practice service; `body`: its address stands in the body of the request, as a webhook sees it. */
  practiceApi: boolean;
  body: boolean;
  /** Needs a mail server. */
  mail: boolean;
  /** Needs what only a server has: data tables, code. */
  server: boolean;
  tables: ExampleTable[];
};

export type ExampleTable = { name: string; columns: JsonObject[]; rows: JsonObject[] };

const root = join(import.meta.dirname, "..");

export function listExamples(): Example[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, entry.name, "input.json")))
    .map(({ name }) => readExample(name, join(root, name)));
}

function readExample(name: string, folder: string): Example {
  const read = (file: string) => JSON.parse(readFileSync(join(folder, file), "utf8")) as Json;
  const about = existsSync(join(folder, "example.json")) ? (read("example.json") as JsonObject) : {};
  const isYaml = existsSync(join(folder, "workflow.yaml"));
  const workflow = isYaml
    ? parse(readFileSync(join(folder, "workflow.yaml"), "utf8"))
    : read("workflow.json");
  return {
    name,
    folder,
    workflow,
    isYaml,
    input: read("input.json"),
    expected: read("expected.json"),
    practiceApi: about.practiceApi === true,
    body: about.body === true,
    mail: about.mail === true,
    server: about.server === true,
    tables: (about.tables ?? []) as unknown as ExampleTable[],
  };
}

export type Services = { practiceApi: string; mailPort: number };

/** The input with the addresses of the services that it needs. */
export function inputOf(example: Example, services: Services): Json {
  const more = {
    ...(example.practiceApi ? { practiceApi: services.practiceApi } : {}),
    ...(example.mail ? { mail: { host: "127.0.0.1", port: services.mailPort } } : {}),
  };
  const withMore = (json: JsonObject): JsonObject =>
    example.body ? { ...json, body: { ...(json.body as JsonObject), ...more } } : { ...json, ...more };
  return Array.isArray(example.input)
    ? example.input.map((json) => withMore(json as JsonObject))
    : withMore(example.input as JsonObject);
}

/** One item, or one per element. */
export function itemsOf(example: Example, services: Services): Item[] {
  const input = inputOf(example, services);
  return (Array.isArray(input) ? input : [input]).map((json) => ({ json }));
}
