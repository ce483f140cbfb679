// What must hold for every node type, so that palette, forms, docs and kernel can rely on it.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { isObject, type JsonObject } from "@auraos/kernel";
import { configSchema, findNodeType, nodeTypes } from "./index.ts";

const blocksAndWaits = [
  "foreach",
  "while",
  "parallel",
  "try",
  "saga",
  "break",
  "continue",
  "wait",
  "approval",
  "subworkflow",
  "respond",
  "stop",
  "trigger",
  "attachment",
];

for (const module of nodeTypes) {
  describe(module.type, () => {
    const folder = join(import.meta.dirname, ...module.type.split("."));

    it("says what it is", () => {
      assert.match(module.type, /^[a-z][a-zA-Z]*(\.[a-z][a-zA-Z]*)*$/);
      assert.ok(module.name.length >= 2);
      assert.match(module.description, /^[A-Z].{20,}\.$/s);
      assert.match(module.icon, /^[a-z0-9-]+$/);
      assert.equal(findNodeType(module.type), module);
    });

    it("describes and titles every field", () => {
      for (const [path, field] of fieldsOf(configSchema(module.schema))) {
        assert.equal(typeof field.title, "string", `${path} has no title`);
        assert.ok(String(field.description ?? "").length > 3, `${path} has no description`);
      }
    });

    it("has an example without problems, and notices a misspelt field", () => {
      assert.ok(module.example);
      assert.deepEqual(module.checkConfig?.(module.example), []);
      const [first] = module.checkConfig?.({ ...module.example, notAField: 1 }) ?? [];
      assert.equal(first?.code, "FIELD_UNKNOWN");
      assert.equal(first?.field, "notAField");
    });

    it("has exactly the parts its kind needs", () => {
      const { structure, evaluate, run, effect } = module;
      if (structure) {
        assert.ok(blocksAndWaits.includes(structure));
        assert.ok(!evaluate && !run);
        assert.equal(structure === "trigger", module.category === "trigger");
        return;
      }
      const effects = new Set([effect, ...effectsOf(module.effectOf)]);
      assert.equal(effects.has("pure"), evaluate !== undefined, "pure needs evaluate");
      assert.equal(
        [...effects].some((one) => one !== "pure"),
        run !== undefined,
        "activities need run",
      );
    });

    it("names its ports", () => {
      const { ports = ["main"], example = {} } = module;
      const names = typeof ports === "function" ? ports(example) : ports;
      assert.equal(new Set(names).size, names.length);
      for (const name of names) assert.match(name, /^[A-Za-z0-9_-]{1,64}$/);
    });

    it("has its own test", () => {
      assert.ok(existsSync(join(folder, "node.ts")));
      assert.ok(existsSync(join(folder, "node.test.ts")), `${module.type} has no node.test.ts`);
    });
  });
}

it("has every node type once", () => {
  const types = nodeTypes.map((module) => module.type);
  assert.equal(new Set(types).size, types.length);
  assert.equal(findNodeType("nothing.like.this"), undefined);
});

function effectsOf(effectOf: ((config: JsonObject) => string) | undefined): string[] {
  if (!effectOf) return [];
  return [{}, { file: "data" }, { append: true }, { method: "POST" }].map(effectOf);
}

function fieldsOf(schema: unknown, path = ""): [string, Record<string, unknown>][] {
  if (!isObject(schema)) return [];
  const own = Object.entries(isObject(schema.properties) ? schema.properties : {}).flatMap(
    ([name, field]) => {
      const at = path === "" ? name : `${path}.${name}`;
      return isObject(field)
        ? [[at, field] as [string, Record<string, unknown>], ...fieldsOf(field, at)]
        : [];
    },
  );
  const choices = [schema.anyOf, schema.oneOf].filter(Array.isArray).flat();
  return [...own, ...fieldsOf(schema.items, `${path}[]`), ...choices.flatMap((one) => fieldsOf(one, path))];
}
