import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal } from "./errors.ts";
import { checkDocument, parseJson, parseYaml } from "./json.ts";

function refusalOf(action: () => void): Refusal {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof Refusal, String(error));
    return error;
  }
  throw new Error("nothing was refused");
}

test("broken JSON is located", () => {
  const refusal = refusalOf(() => parseJson('{"a": 1,\n "b": }'));
  assert.equal(refusal.code, "JSON_INVALID");
  assert.match(refusal.message, /line 2, column 7/);
  assert.equal(refusalOf(() => parseJson("")).code, "JSON_INVALID");
});

test("broken YAML is located, alias bombs and infinite numbers are refused", () => {
  assert.match(refusalOf(() => parseYaml("a: [1\nb: 2")).message, /line 2/);
  let bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (let level = 1; level < 9; level += 1)
    bomb += `a${level}: &a${level} [${Array(10)
      .fill(`*a${level - 1}`)
      .join(",")}]\n`;
  assert.equal(refusalOf(() => parseYaml(bomb)).code, "YAML_INVALID");
  assert.equal(refusalOf(() => checkDocument(parseYaml("a: .inf"))).code, "NUMBER_INVALID");
  assert.deepEqual(parseYaml("a: 1\nb: [x, 'y']"), { a: 1, b: ["x", "y"] });
});

test("depth, __proto__ and bad text are refused where they stand", () => {
  const deep = parseJson(`${"[".repeat(100_000)}${"]".repeat(100_000)}`);
  assert.equal(refusalOf(() => checkDocument(deep)).code, "TOO_DEEP");
  const proto = refusalOf(() => checkDocument(parseJson('{"a":[{"__proto__":1}]}')));
  assert.equal(proto.problems?.[0]?.path, "/a/0/__proto__");
  assert.equal(refusalOf(() => checkDocument(parseYaml("__proto__: {a: 1}"))).code, "KEY_FORBIDDEN");
  const text = refusalOf(() => checkDocument({ a: { "b/c": "x\ud800" } }, { strictText: true }));
  assert.equal(text.problems?.[0]?.path, "/a/b~1c");
  checkDocument({ a: "\u0000\ud800" });
});

test("64 levels pass", () => {
  checkDocument(parseJson(`${"[".repeat(64)}${"]".repeat(64)}`));
  assert.equal(
    refusalOf(() => checkDocument(parseJson(`${"[".repeat(65)}${"]".repeat(65)}`))).code,
    "TOO_DEEP",
  );
});
