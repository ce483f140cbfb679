// Every problem of a definition is found and located.
import assert from "node:assert/strict";
import { test } from "node:test";
import { compile } from "./compile.ts";
import type { Problem } from "./definition.ts";
import { evaluator, nodeTypes, workflow } from "./testing/world.ts";

function problems(definition: unknown): Problem[] {
  const result = compile(definition, nodeTypes, evaluator);
  return result.ok ? [] : result.problems;
}

const set = (id: string, more: object = {}): never => ({ id, type: "set", config: {}, ...more }) as never;

const CASES: [name: string, definition: unknown, code: string, path: string][] = [
  ["not an object", [], "NOT_A_DEFINITION", ""],
  ["no name", { nodes: [], connections: [] }, "NAME_INVALID", "/name"],
  ["nodes missing", { name: "x", connections: [] }, "NODES_MISSING", "/nodes"],
  ["bad id", workflow([set("a b")], []), "ID_INVALID", "/nodes/0/id"],
  ["duplicate id", workflow([set("a"), set("a")], []), "DUPLICATE_ID", "/nodes/1/id"],
  [
    "duplicate name",
    workflow([set("a", { name: "X" }), set("b", { name: "X" })], []),
    "DUPLICATE_NAME",
    "/nodes/1/name",
  ],
  ["unknown type", workflow([{ id: "a", type: "nope" }], []), "UNKNOWN_TYPE", "/nodes/0/type"],
  ["dangling wire", workflow([set("a")], ["a -> b"]), "DANGLING_WIRE", "/connections/0/to"],
  ["unknown port", workflow([set("a"), set("b")], ["a:side -> b"]), "UNKNOWN_PORT", "/connections/0/port"],
  ["unknown input", workflow([set("a"), set("b")], ["a -> b:side"]), "UNKNOWN_INPUT", "/connections/0/input"],
  ["cycle", workflow([set("a"), set("b")], ["a -> b", "b -> a"]), "CYCLE", "/connections"],
  ["parent missing", workflow([set("a", { parent: "zz" })], []), "PARENT_INVALID", "/nodes/0/parent"],
  [
    "parent no block",
    workflow([set("b"), set("a", { parent: "b" })], []),
    "PARENT_INVALID",
    "/nodes/1/parent",
  ],
  [
    "parent cycle",
    workflow(
      [
        { id: "a", type: "foreach", parent: "b" },
        { id: "b", type: "foreach", parent: "a" },
      ],
      [],
    ),
    "PARENT_CYCLE",
    "/nodes/0/parent",
  ],
  [
    "section",
    workflow([{ id: "l", type: "foreach" }, set("a", { parent: "l", section: "catch" })], []),
    "SECTION_INVALID",
    "/nodes/1/section",
  ],
  [
    "wire crosses",
    workflow([{ id: "l", type: "foreach" }, set("a", { parent: "l" }), set("b")], ["a -> b"]),
    "WIRE_CROSSES_BLOCK",
    "/connections/0/to",
  ],
  [
    "trigger in block",
    workflow(
      [
        { id: "l", type: "foreach" },
        { id: "t", type: "trigger.manual", parent: "l" },
      ],
      [],
    ),
    "TRIGGER_IN_BLOCK",
    "/nodes/1/parent",
  ],
  [
    "while unbounded",
    workflow([{ id: "w", type: "while", config: { condition: "{{ true }}" } }], []),
    "LOOP_UNBOUNDED",
    "/nodes/0/config/maxIterations",
  ],
  ["break outside", workflow([{ id: "b", type: "break" }], []), "OUTSIDE_LOOP", "/nodes/0/type"],
  [
    "join too wide",
    workflow([set("a"), set("b", { join: { n: 2 } })], ["a -> b"]),
    "JOIN_INVALID",
    "/nodes/1/join",
  ],
  [
    "result",
    workflow([{ id: "l", type: "foreach", config: { result: "zz" } }, set("a", { parent: "l" })], []),
    "RESULT_INVALID",
    "/nodes/0/config/result",
  ],
  [
    "compensate",
    workflow([set("a", { compensate: "b" }), set("b")], []),
    "COMPENSATE_INVALID",
    "/nodes/0/compensate",
  ],
  [
    "expression",
    workflow([set("a", { config: { deep: [{ x: "{{ SYNTAX }}" }] } })], []),
    "SYNTAX",
    "/nodes/0/config/deep/0/x",
  ],
  [
    "reads a stranger",
    workflow([set("a", { config: { x: "{{ $('Nobody') }}" } })], []),
    "UNKNOWN_NODE",
    "/nodes/0/config/x",
  ],
  [
    "reads no ancestor",
    workflow([set("a"), set("b", { config: { x: "{{ $('a').first }}" } })], []),
    "UNREADABLE_NODE",
    "/nodes/1/config/x",
  ],
  [
    "reads into a block",
    workflow(
      [
        { id: "l", type: "foreach" },
        set("a", { parent: "l" }),
        set("b", { config: { x: "{{ $('a').first }}" } }),
      ],
      ["l:done -> b"],
    ),
    "UNREADABLE_NODE",
    "/nodes/2/config/x",
  ],
  [
    "retry",
    workflow([set("a", { errorHandling: { retry: { attempts: 0 } } })], []),
    "RETRY_INVALID",
    "/nodes/0/errorHandling/retry/attempts",
  ],
  [
    "settings",
    { ...workflow([], []), settings: { timeoutMs: -1 } },
    "TIMEOUT_INVALID",
    "/settings/timeoutMs",
  ],
];

for (const [name, definition, code, path] of CASES)
  test(`problem: ${name}`, () => {
    const found = problems(definition);
    const hit = found.find((problem) => problem.code === code && problem.path === path);
    assert.ok(hit, JSON.stringify(found));
    assert.ok(hit.message.length > 5 && hit.remedy.length > 3);
  });

test("all problems are reported at once", () => {
  assert.equal(
    problems(
      workflow(
        [
          { id: "a", type: "nope" },
          { id: "b", type: "nada" },
        ],
        [],
      ),
    ).length,
    2,
  );
});

test("one unsound node hides nothing else, and raises no false alarm", () => {
  const definition = workflow(
    [
      { id: "odd", type: "nope" },
      set("inside", { parent: "odd" }),
      set("a", { config: { x: "{{ $('odd').first }}" } }),
      set("b", { join: { n: 3 } }),
      { id: "w", type: "while", config: { condition: "{{ true }}" } },
      set("lost", { parent: "nowhere" }),
    ],
    ["odd -> a", "a -> b", "b -> c"],
  );
  const codes = problems(definition).map((problem) => problem.code);
  assert.deepEqual(codes.sort(), [
    "DANGLING_WIRE",
    "JOIN_INVALID",
    "LOOP_UNBOUNDED",
    "PARENT_INVALID",
    "UNKNOWN_TYPE",
  ]);
});

test("a hostile depth is refused without overflowing the stack", () => {
  let deep: unknown = 1;
  for (let level = 0; level < 100_000; level++) deep = [deep];
  assert.equal(problems({ name: "x", nodes: [], connections: [], extra: deep })[0]?.code, "TOO_DEEP");
});

test("an empty workflow is fine", () => {
  assert.deepEqual(problems(workflow([], [])), []);
});
