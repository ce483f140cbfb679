import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { exportWorkflow, importWorkflow } from "./graph.ts";
import { IMPORT_CHARACTERS_MAX } from "./importWorkflow.ts";
import { graphs } from "./testing/graphs.ts";

test("1,000 graphs are the same after export and import, as JSON and as YAML, unknown fields included", () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      for (const format of ["json", "yaml"] as const) {
        const imported = importWorkflow(exportWorkflow(graph, format));
        assert.ok(imported.ok, imported.ok ? "" : JSON.stringify(imported.problems));
        assert.deepEqual(imported.graph, graph);
      }
    }),
    { seed: 20_260_101, numRuns: 1_000 },
  );
});

function refusal(text: string) {
  const imported = importWorkflow(text);
  assert.ok(!imported.ok, "it should have been refused");
  const [problem] = imported.problems;
  assert.ok(problem?.message && problem.remedy);
  return problem;
}

test("files that are too large are refused before they are read", () => {
  assert.equal(refusal(" ".repeat(IMPORT_CHARACTERS_MAX + 1)).code, "TOO_LARGE");
});

test("files that are nested too deeply are refused, JSON and YAML", () => {
  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  assert.equal(refusal(`{"name":"x","nodes":[],"connections":[],"a":${deep}}`).code, "TOO_DEEP");
  assert.ok(["NOT_YAML", "TOO_DEEP"].includes(refusal(`name: x\na: ${"[".repeat(5_000)}`).code));
});

test("__proto__ is refused with its place, and nothing is polluted", () => {
  const problem = refusal(
    '{"name":"x","nodes":[{"id":"a","type":"set","config":{"__proto__":{"hit":1}}}],"connections":[]}',
  );
  assert.deepEqual([problem.code, problem.path], ["FORBIDDEN_KEY", "/nodes/0/config/__proto__"]);
  assert.equal(({} as { hit?: number }).hit, undefined);
  assert.equal(refusal("name: x\nnodes: []\nconnections: []\n__proto__: {a: 1}").code, "FORBIDDEN_KEY");
});

test("two nodes with one id are refused with their place", () => {
  const node = { id: "a", type: "set", config: {} };
  const problem = refusal(JSON.stringify({ name: "x", nodes: [node, node], connections: [] }));
  assert.deepEqual([problem.code, problem.path], ["DUPLICATE_ID", "/nodes/1/id"]);
});

test("what is no definition is refused with its place", () => {
  assert.equal(refusal("[]").code, "NOT_A_DEFINITION");
  assert.equal(refusal("just words").code, "NOT_A_DEFINITION");
  assert.equal(refusal('{"name":"x"}').path, "/nodes");
  assert.equal(
    refusal('{"name":"x","nodes":[{"id":"a b","type":"set","config":{}}],"connections":[]}').path,
    "/nodes/0/id",
  );
  assert.equal(refusal('{"name": "x",').code, "NOT_JSON");
  assert.equal(refusal("a: [1, 2").code, "NOT_YAML");
  assert.ok((refusal('{"name": "x", oops}').position ?? 0) > 10);
});

test("an alias bomb is refused", () => {
  const bomb = [
    "a: &a [x, x, x, x, x, x, x, x, x]",
    ..."bcdefghi".split("").map((name, index) => {
      const before = "abcdefgh"[index];
      return `${name}: &${name} [${Array(9).fill(`*${before}`).join(", ")}]`;
    }),
  ].join("\n");
  assert.equal(refusal(bomb).code, "NOT_YAML");
});

test("a type that is not installed is a question for later", () => {
  assert.ok(
    importWorkflow('{"name":"x","nodes":[{"id":"a","type":"not.here","config":{}}],"connections":[]}').ok,
  );
});
