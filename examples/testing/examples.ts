// Reads the examples of this folder.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Item, Json, JsonObject } from "@auraos/kernel";
import { parse } from "yaml";

export type Example = {
  name: string;
  folder: string;
  workflow: unknown;
  input: Json;
  expected: Json;
  practiceApi: boolean;
};

const root = join(import.meta.dirname, "..");

export function listExamples(): Example[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, entry.name, "input.json")))
    .map(({ name }) => readExample(name, join(root, name)));
}

function readExample(name: string, folder: string): Example {
  const read = (file: string) => JSON.parse(readFileSync(join(folder, file), "utf8")) as Json;
  const about = existsSync(join(folder, "example.json")) ? (read("example.json") as JsonObject) : {};
  const workflow = existsSync(join(folder, "workflow.yaml"))
    ? parse(readFileSync(join(folder, "workflow.yaml"), "utf8"))
    : read("workflow.json");
  return {
    name,
    folder,
    workflow,
    input: read("input.json"),
    expected: read("expected.json"),
    practiceApi: about.practiceApi === true,
  };
}

/** One item, or one per element; with the address of the practice service in each when it is needed. */
export function itemsOf(example: Example, practiceApi: string | undefined): Item[] {
  const list = Array.isArray(example.input) ? example.input : [example.input];
  const more = practiceApi === undefined ? {} : { practiceApi };
  return list.map((json) => ({ json: { ...(json as JsonObject), ...more } }));
}
