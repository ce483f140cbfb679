import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compileExpression, compileTemplate, ExpressionError, LIMITS } from "./index.ts";
import { compileTemplateWithin } from "./template.ts";
import { errorOf, evaluate, problemsOf, render, sampleItems, scopeWith } from "./testScope.fixture.ts";

describe("templates", () => {
  const table: [source: string, value: unknown][] = [
    ["plain text", "plain text"],
    ["", ""],
    ["Hello {{ $json.name }}!", "Hello Ada!"],
    ["{{ $json.age }}", 36],
    [" {{ $json.age }}", " 36"],
    ["{{ $json.tags }}", ["x", "y"]],
    ["tags: {{ $json.tags }}", 'tags: ["x","y"]'],
    ["{{ $json.address.zip }}|{{ $json.nothing }}|", "||"],
    ["{{ undefined }}", undefined],
    ["{{ null }}", null],
    ["{{ 0.1 + 0.2 }}%", "0.30000000000000004%"],
    ["{{ $now }}", "2024-05-31T14:30:15.250+02:00"],
    ["at {{ $now }}", "at 2024-05-31T14:30:15.250+02:00"],
    [
      "{{ [new Date(0), $now.toUTC(), NaN, undefined, -0] }}",
      ["1970-01-01T00:00:00.000Z", "2024-05-31T12:30:15.250Z", null, null, 0],
    ],
    ["{{ { a: undefined, b: 1 } }}", { b: 1 }],
    ["={{ $json.age }}", "=36"],
    ["\\{{ $json.age }} {{ 1 }}", "{{ $json.age }} 1"],
    ["{{ '{{ }}' }}", "{{ }}"],
    ["{{ ({ a: { b: '}}' } }).a.b }}", "}}"],
    ["{{ // a comment\n 1 }}", 1],
    ["{{ $('Earlier').item.json.name }}", "Bob"],
    ["{{ $('Earlier').first().json.name }} {{ $('Earlier').all().length }}", "Ada 2"],
    ["{{ $('Earlier').itemMatching(0).json.name }}", "Bob"],
    ["{{ $input.first().files.photo }}", { fileName: "a.png", size: 3 }],
    [
      "{{ $vars.region }} {{ $execution.id }} {{ $workflow.name }} {{ $itemIndex }} {{ $runIndex }}",
      "eu run-1 Orders 0 2",
    ],
  ];
  for (const [source, value] of table) it(source || "(empty)", () => assert.deepEqual(render(source), value));

  it("hands on a piece of the input itself, without copying it", () => {
    assert.equal(render("{{ $json.orders }}"), ordersOf(sampleItems[0]?.json));
  });

  it("tells what it depends on", () => {
    const facts = (source: string) => {
      const compiled = compileTemplate(source);
      assert.ok(compiled.ok);
      const { nodes, isConstant, usesItem } = compiled.template;
      return { nodes, isConstant, usesItem };
    };
    assert.deepEqual(facts("text"), { nodes: [], isConstant: true, usesItem: false });
    assert.deepEqual(facts("{{ 1 }}"), { nodes: [], isConstant: false, usesItem: false });
    assert.deepEqual(facts("{{ $json.a }}"), { nodes: [], isConstant: false, usesItem: true });
    assert.deepEqual(facts("{{ $items.length + $now.year }}"), {
      nodes: [],
      isConstant: false,
      usesItem: false,
    });
    assert.deepEqual(facts("{{ $('A').first().json.x }}{{ $('B').all() }}"), {
      nodes: ["A", "B"],
      isConstant: false,
      usesItem: false,
    });
    assert.deepEqual(facts("{{ $('A').item.json.x }}"), { nodes: ["A"], isConstant: false, usesItem: true });
    for (const source of [
      "$input.item",
      "$input['it' + 'em']",
      "(({ item }) => item)($input)",
      "Math.random()",
      "$uuid()",
      "[1].randomItem()",
      "$itemIndex",
    ]) {
      assert.equal(facts(`{{ ${source} }}`).usesItem, true, source);
    }
    assert.equal(facts("{{ $input.first().json.x }}").usesItem, false);
  });
});

describe("problems", () => {
  it("finds all of them, with places", () => {
    const compiled = compileTemplate("a {{ foo }}\nb {{ $jsn.x + new Set() }}");
    assert.ok(!compiled.ok);
    assert.deepEqual(
      compiled.problems.map(({ code, line, column, start, end }) => ({
        code,
        line,
        column,
        text: [start, end],
      })),
      [
        { code: "UNKNOWN_NAME", line: 1, column: 5, text: [5, 8] },
        { code: "UNKNOWN_NAME", line: 2, column: 5, text: [17, 21] },
        { code: "NOT_SUPPORTED", line: 2, column: 14, text: [26, 35] },
      ],
    );
    assert.equal(compiled.problems[1]?.hint, "Did you mean $json?");
    assert.equal(compiled.problems[2]?.hint, "Use .unique() on a list instead.");
  });

  it("explains $env", () => {
    const compiled = compileExpression("$env.KEY");
    assert.ok(!compiled.ok);
    assert.match(compiled.problems[0]?.hint ?? "", /\$vars/);
  });

  it("bounds depth and size even where the length does not", () => {
    const limits = { ...LIMITS, sourceLength: 1_000_000 };
    const codes = (source: string) => {
      const compiled = compileTemplateWithin(source, {}, limits);
      return compiled.ok ? [] : compiled.problems.map((problem) => problem.code);
    };
    assert.deepEqual(codes(`{{ ${"(".repeat(100_000)}1${")".repeat(100_000)} }}`), ["TOO_DEEP"]);
    assert.deepEqual(codes(`{{ ${"!".repeat(500_000)}1 }}`), ["TOO_DEEP"]);
    assert.deepEqual(codes(`{{ ${"x=>".repeat(100_000)}1 }}`), ["TOO_DEEP"]);
    assert.deepEqual(codes(`{{ ${"[".repeat(150)}1${"]".repeat(150)} }}`), []);
    assert.deepEqual(codes(`{{ ${"[".repeat(250)}1${"]".repeat(250)} }}`), ["TOO_DEEP"]);
    assert.deepEqual(codes(`{{ [${"1,".repeat(100_000)}] }}`), ["TOO_LARGE"]);
    assert.deepEqual(codes("{{1}}".repeat(5000)), ["TOO_LARGE"]);
  });
});

describe("errors", () => {
  it("say where, what and what to do", () => {
    const error = errorOf("1 +\n $json.address.zip.code");
    assert.equal(error.code, "NULL_READ");
    assert.deepEqual([error.start, error.end, error.line, error.column], [23, 27, 2, 19]);
    assert.match(error.message, /"code"/);
    assert.match(error.hint, /\?\./);
  });

  it("name the innermost call when a limit is reached", () => {
    const error = errorOf("$json.tags.map(x => 'a'.repeat(1e7))");
    assert.equal(error.code, "LIMIT_TEXT");
    assert.deepEqual(error.limit, { name: "textLength", allowed: LIMITS.textLength });
    assert.match(error.message, /repeat\(\)/);
    assert.match(errorOf("Array(2000).fill(Array(2000).fill(1)).map(l => l.sum())").message, /sum\(\)/);
  });

  it("point at the outer call again after a callback", () => {
    const error = errorOf(
      "[[1]].map(x => x.map(y => y)).reduce((a, b) => a, x)".replace(", x)", ")").replace("[[1]]", "[]"),
    );
    assert.equal(error.code, "BAD_ARGUMENT");
    assert.match(error.message, /reduce/);
  });

  it("cannot be caught when they are limits", () => {
    assert.equal(
      errorOf("(() => { try { return 'a'.repeat(1e9) } catch (e) { return 1 } })()").code,
      "LIMIT_TEXT",
    );
    assert.equal(evaluate("(() => { try { return null.x } catch (e) { return e.code } })()"), "NULL_READ");
  });

  it("are all ExpressionErrors", () => assert.ok(errorOf("$('Nowhere').first()") instanceof ExpressionError));
});

describe("strict and lenient", () => {
  const missing = [
    "$json.a.b.c",
    "$json.a.b.trim()",
    "$json.a()",
    "$json.name.first.x",
    "(({ a: { b } }) => b)({})",
    "Object.keys($json.nope).length || undefined",
  ];
  for (const source of missing) {
    it(source, () => {
      assert.match(errorOf(source).code, /NULL_READ|NOT_CALLABLE|NO_METHOD/);
      if (source !== "$json.a()") assert.equal(evaluate(source, {}, { mode: "lenient" }), undefined);
    });
  }
  it("allows a missing key in both", () => {
    assert.equal(evaluate("$json.nope"), undefined);
    assert.equal(evaluate("$json.nope?.a.b.c"), undefined);
    assert.equal(evaluate("$json.nope.isEmpty()"), true);
  });
  it("reports empty holes and unclosed ones", () => {
    assert.deepEqual(problemsOf("{{ }}"), ["EMPTY_HOLE"]);
    assert.deepEqual(problemsOf("{{ }}", { mode: "lenient" }), []);
    assert.deepEqual(problemsOf("{{ $json.a"), ["UNCLOSED_HOLE"]);
  });
});

describe("repeatable", () => {
  it("gives the same chance from the same seed", () => {
    const source = "[Math.random(), $uuid(), [1, 2, 3, 4, 5, 6, 7, 8].randomItem()]";
    assert.deepEqual(evaluate(source), evaluate(source));
    assert.notDeepEqual(evaluate(source), evaluate(source, { seed: "another" }));
    assert.match(
      String(evaluate("$uuid()")),
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });
  it("takes the time from the scope", () => {
    assert.equal(evaluate("Date.now()"), scopeWith().nowMs);
    assert.equal(evaluate("new Date().getTime() === $now.toMillis() && DateTime.now() <= $now"), true);
  });
});

function ordersOf(json: unknown): unknown {
  return typeof json === "object" && json !== null && "orders" in json ? json.orders : undefined;
}
