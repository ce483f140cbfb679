// Harmless expressions must give what plain JavaScript gives. They are generated from a small grammar with a fixed
// seed and run by both; the host side runs in node:vm, which only this test may use.
import assert from "node:assert/strict";
import { it } from "node:test";
import vm from "node:vm";
import fc from "fast-check";
import { compileExpression, ExpressionError, type Json } from "./index.ts";
import { scopeWith } from "./testScope.fixture.ts";

process.env.TZ = "UTC";

const data: { [key: string]: Json } = {
  n: 7,
  f: 2.5,
  neg: -3,
  zero: 0,
  s: "Hello, World",
  e: "",
  num: "42",
  t: true,
  z: null,
  a: [3, 1, 2],
  w: ["pear", "apple", "fig"],
  o: { x: 1, y: "two", deep: { list: [1, [2, 3]] } },
  rows: [
    { id: 1, v: 10, k: "a" },
    { id: 2, v: -4, k: "b" },
    { id: 3, v: 7, k: "a" },
  ],
};

const number: fc.Arbitrary<string> = fc.constantFrom(
  "d.n",
  "d.f",
  "d.neg",
  "d.zero",
  "1",
  "0.5",
  "100",
  "d.a[0]",
  "d.a.length",
  "d.s.length",
  "d.o.x",
  "d.rows[1].v",
  "NaN",
  "1e21",
);
const text: fc.Arbitrary<string> = fc.constantFrom(
  "d.s",
  "d.e",
  "d.num",
  "'abc'",
  "'a,b;c'",
  "d.w[0]",
  "d.o.y",
  "`x${d.n}y`",
  "'  pad '",
  "'ÄÖ ü'",
);
const numbers = fc.constantFrom(
  "d.a",
  "[1, 2, 3]",
  "[]",
  "d.rows.map(r => r.v)",
  "[5, -1, 0.5]",
  "[...d.a, 9]",
);
const texts = fc.constantFrom(
  "d.w",
  "['b', 'a']",
  "'a,b,c'.split(',')",
  "d.rows.map(({ k }) => k)",
  "Object.keys(d.o)",
);
const any = fc.constantFrom(
  "d.z",
  "d.t",
  "d.o",
  "undefined",
  "d.missing",
  "null",
  "d.a",
  "d.rows[0]",
  "'7'",
  "7",
  "{}",
  "[]",
  "[4]",
  "''",
);

const templates: [string, fc.Arbitrary<string>[]][] = [
  ...[
    "+",
    "-",
    "*",
    "/",
    "%",
    "**",
    "&",
    "|",
    "^",
    "<<",
    ">>",
    ">>>",
    "<",
    ">",
    "<=",
    ">=",
    "===",
    "!==",
  ].map((op): [string, fc.Arbitrary<string>[]] => [`(#) ${op} (#)`, [number, number]]),
  ...[
    "+",
    "-",
    "*",
    "/",
    "%",
    "<",
    ">",
    "<=",
    ">=",
    "==",
    "!=",
    "===",
    "!==",
    "&&",
    "||",
    "??",
    "&",
    "|",
  ].map((op): [string, fc.Arbitrary<string>[]] => [`(#) ${op} (#)`, [any, any]]),
  ...["+", "<", ">", "==", "==="].map((op): [string, fc.Arbitrary<string>[]] => [
    `(#) ${op} (#)`,
    [text, fc.oneof(text, number, any)],
  ]),
  ...["!", "-", "+", "~", "typeof ", "void "].map((op): [string, fc.Arbitrary<string>[]] => [
    `${op}(#)`,
    [any],
  ]),
  ["(#) ? # : #", [any, number, text]],
  ["String(#)", [fc.oneof(any, number)]],
  ["Number(#)", [fc.oneof(any, text)]],
  ["Boolean(#)", [any]],
  ["parseInt(#)", [text]],
  ["parseFloat(#)", [text]],
  ["isNaN(#)", [any]],
  ["`${#}|${#}`", [any, number]],
  ["[#, #].join()", [any, any]],
  ["JSON.stringify(#)", [any]],
  ["JSON.stringify({ a: #, b: [#] }, null, 2)", [any, number]],
  ["JSON.parse(JSON.stringify([#]))", [any]],
  ...["floor", "ceil", "round", "abs", "sqrt", "sign", "trunc"].map((f): [string, fc.Arbitrary<string>[]] => [
    `Math.${f}(#)`,
    [number],
  ]),
  ["Math.max(#, #)", [number, number]],
  ["Math.min(...#)", [numbers]],
  ...[
    "toUpperCase()",
    "toLowerCase()",
    "trim()",
    "trimStart()",
    "trimEnd()",
    "split('')",
    "split(',')",
    "split(/[,;]/)",
    "length",
    "charAt(1)",
    "at(-1)",
    "charCodeAt(0)",
    "normalize()",
    "split(/(,)/)",
    "split(/(?:)/)",
    "split('', 2)",
  ].map((m): [string, fc.Arbitrary<string>[]] => [`(#).${m}`, [text]]),
  ...["slice(#, #)", "substring(#, #)", "substr(#, #)", "padStart(#, '0')", "at(#)"].map(
    (m): [string, fc.Arbitrary<string>[]] => [
      `(@).${m}`.replace("@", "d.s"),
      [
        fc.constantFrom("0", "2", "-3", "5", "20", "undefined"),
        fc.constantFrom("0", "4", "-1", "99", "undefined"),
      ],
    ],
  ),
  ...[
    "includes(#)",
    "indexOf(#)",
    "lastIndexOf(#)",
    "startsWith(#)",
    "endsWith(#)",
    "split(#)",
    "concat(#)",
    "replace(#, '_')",
    "replaceAll(#, '<$&>')",
    "replace(#, (m, i) => m + i)",
    "search(#)",
  ].map((m): [string, fc.Arbitrary<string>[]] => [
    `('abcabc').${m}`,
    [fc.constantFrom("'a'", "'bc'", "'x'", "''", "'c'", "'$'")],
  ]),
  ...["match(#)", "replace(#, '[$1]')", "replace(#, m => m.length)", "search(#)", "split(#)"].map(
    (m): [string, fc.Arbitrary<string>[]] => [
      `(#).${m}`,
      [
        text,
        fc.constantFrom(
          "/l+/",
          "/(l)(o)?/",
          "/o/g",
          "/[aeiou]/gi",
          "/\\s*,\\s*/",
          "/^\\w/",
          "/(a|b)+/g",
          "/x*/",
          "/\\bW/",
          "/(.)$/",
          "/[^,]+/g",
          "/\\d{2}/",
        ),
      ],
    ],
  ),
  ["[...(#).matchAll(/(.)o/g)].map(m => m[1])", [text]],
  ...[
    "map((x, i) => x * i)",
    "filter(x => x > 1)",
    "reduce((s, x) => s + x, 0)",
    "find(x => x > 2)",
    "findIndex(x => x === 2)",
    "findLast(x => x < 3)",
    "some(x => x > 2)",
    "every(x => x > 0)",
    "sort()",
    "sort((a, b) => a - b)",
    "reverse()",
    "slice(1)",
    "slice(-2, -1)",
    "concat([9], 8)",
    "includes(2)",
    "indexOf(1)",
    "join('-')",
    "flatMap(x => [x, x])",
    "at(-1)",
    "toSorted()",
    "toReversed()",
    "with(0, 5).length > 0 || 1",
    "length",
    "lastIndexOf(2)",
    "entries().toString().length > 0 || 1",
    "toString()",
    "reduceRight((s, x) => s + '-' + x, '')",
  ].map((m): [string, fc.Arbitrary<string>[]] => [`[...#, 4].${m}`, [numbers]]),
  ...[
    "sort()",
    "map(x => x.toUpperCase())",
    "map(x => x.length)",
    "join()",
    "filter(Boolean)",
    "sort((a, b) => a.localeCompare(b))",
    "indexOf('fig')",
    "map(String)",
    "reverse()",
  ].map((m): [string, fc.Arbitrary<string>[]] => [`[...#].${m}`, [texts]]),
  [
    "Object.entries(#).map(([k, v]) => k + v)",
    [fc.constantFrom("d.o", "d.rows[0]", "{}", "{ b: 1, a: 2, 3: 4 }")],
  ],
  ["Object.fromEntries(d.rows.map(r => [r.#, r.v]))", [fc.constantFrom("id", "k")]],
  ["({ ...d.o, x: #, [#]: 1 })", [number, text]],
  ["(({ x, ...rest }) => [x, rest])(#)", [fc.constantFrom("d.o", "{ x: 1 }", "{ y: 2, z: 3 }")]],
  ["(([p, , q = #, ...r]) => ({ p, q, r }))(#)", [number, numbers]],
  ["((a, b = a + 1, ...c) => [a, b, c])(...#)", [numbers]],
  ["(() => { let x = #; if (x > 1) { x += 2; } else x--; return x ** 2; })()", [number]],
  ["(() => { try { if (#) throw 'no'; return 'yes'; } catch (e) { return e; } finally { d.n; } })()", [any]],
  [
    "(() => { const f = n => n <= 0 ? [] : [...f(n - 1), n]; return f(#); })()",
    [fc.constantFrom("0", "3", "10")],
  ],
  ["d.o?.deep?.list?.[1]?.[#]", [fc.constantFrom("0", "1", "5")]],
  ["d.missing?.x.y.z ?? #", [any]],
  ["d.missing?.[#]?.(1)", [number]],
  ["d.rows.filter(r => r.v > #).map(r => `${r.id}:${r.v}`).join(';')", [number]],
  ["Array.from({ length: # }, (_, i) => i * 2)", [fc.constantFrom("0", "3", "d.a.length")]],
  ["Array.from('añb')", []],
  ["[1, [2, [3, [4]]]].flat(#)", [fc.constantFrom("0", "1", "2", "Infinity")]],
  ["(#).toFixed(2)", [number]],
  ["(#).toString(2)", [fc.constantFrom("5", "255", "0.5")]],
  ["new Date(2024, #, 31).toISOString()", [fc.constantFrom("0", "1", "11")]],
  [
    "new Date(#).toISOString()",
    [
      fc.constantFrom(
        "'2024-02-29'",
        "'2024-02-29T10:00:00Z'",
        "'2024-02-29T10:00:00+02:00'",
        "'2024-02-29T10:00'",
        "0",
        "'Feb 3, 2024'",
        "'2024/02/03 04:05'",
        "'Sat, 03 Feb 2024 04:05:06 GMT'",
      ),
    ],
  ],
  [
    "new Date('2024-03-31T05:06:07Z').#()",
    [
      fc.constantFrom(
        "getTime",
        "getDay",
        "getHours",
        "getMonth",
        "toString",
        "toDateString",
        "toUTCString",
        "toJSON",
        "getUTCDate",
      ),
    ],
  ],
  ["new Date('2024-03-31') - new Date('2024-03-30')", []],
  [
    "(() => { const t = new Date('2024-01-31'); t.setMonth(#); return t.toISOString(); })()",
    [fc.constantFrom("1", "13", "-1")],
  ],
  ["encodeURIComponent(#)", [text]],
  ["decodeURIComponent('%C3%A4%20b')", []],
  ["'x' in d.o || # in d", [text]],
];

const expression = fc.constantFrom(...templates).chain(([shape, parts]) => {
  const filled = fc.tuple(...parts);
  return filled.map((values) => {
    let i = 0;
    return shape.replace(/#/g, () => values[i++] ?? "1");
  });
});

function host(source: string): { value: unknown } | { threw: true } {
  try {
    const result = vm.runInNewContext(`JSON.stringify({ value: (${source}) })`, { d: structuredClone(data) });
    return JSON.parse(result);
  } catch {
    return { threw: true };
  }
}

function ours(source: string): { value: unknown } | { threw: true } {
  const compiled = compileExpression(source.replace(/\bd\./g, "$json.").replace(/\bin d\b/g, "in $json"));
  if (!compiled.ok) throw new Error(`${source}: ${compiled.problems[0]?.message}`);
  try {
    const value = compiled.template.evaluate(scopeWith({ items: [{ json: data }] }));
    return JSON.parse(JSON.stringify({ value }));
  } catch (error) {
    if (error instanceof ExpressionError) return { threw: true };
    throw error;
  }
}

it("gives the same as JavaScript for harmless expressions", () => {
  fc.assert(
    fc.property(expression, (source) => {
      assert.deepEqual(ours(source), host(source), source);
    }),
    { seed: 20_240_531, numRuns: 1500 },
  );
});
