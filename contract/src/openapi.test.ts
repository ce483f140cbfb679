// The document: complete, self-contained, and free of what OpenAPI 3.1 does not know.
import assert from "node:assert/strict";
import { test } from "node:test";
import { endpoints } from "./endpoints.ts";
import { jsonSchema, openapi, workflowDefinition } from "./index.ts";

const document = openapi("0.0.0") as {
  openapi: string;
  paths: Record<string, Record<string, { operationId: string; parameters: { name: string; in: string }[] }>>;
  components: { schemas: Record<string, unknown> };
};

test("every endpoint is in the document once", () => {
  const ids = Object.values(document.paths).flatMap((path) =>
    Object.values(path).map((one) => one.operationId),
  );
  assert.deepEqual(ids.sort(), Object.keys(endpoints).sort());
});

test("every parameter of a path is described", () => {
  for (const [path, methods] of Object.entries(document.paths)) {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
    for (const one of Object.values(methods)) {
      const described = one.parameters.filter((parameter) => parameter.in === "path").map(({ name }) => name);
      assert.deepEqual(described.sort(), names, path);
    }
  }
});

test("every reference leads to a component", () => {
  const text = JSON.stringify(document);
  for (const match of text.matchAll(/"\$ref":"([^"]+)"/g)) {
    const name = match[1]?.replace("#/components/schemas/", "") ?? "";
    assert.ok(Object.hasOwn(document.components.schemas, name), match[1]);
  }
  assert.ok(!text.includes("$defs"));
});

test("the definition's JSON Schema stands alone", () => {
  const schema = jsonSchema(workflowDefinition, "x") as {
    properties: Record<string, unknown>;
    required: string[];
  };
  assert.ok(Object.hasOwn(schema.properties, "nodes"));
  assert.deepEqual(schema.required, ["name", "nodes", "connections"]);
});
