// Both engines must agree: which one runs depends on the length of the text, and nobody should notice.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { ExpressionError } from "../problem.ts";
import { evaluate } from "../testScope.fixture.ts";
import { compilePattern } from "./pattern.ts";
import { judge } from "./translate.ts";

describe("judging patterns", () => {
  const simple = [
    "abc",
    "a+",
    "\\d{4}",
    "[a-z]+",
    "(a|b)c",
    "https?:",
    "^x$",
    "(?<n>a)b",
    "a|b|c",
    "\\bword\\b",
    "(\\d+)",
  ];
  for (const source of simple) it(`simple: ${source}`, () => assert.equal(read(source), true));
  const complex = [
    "(a)+",
    "(?:ab){2}",
    "a+b+",
    "a*b{2}",
    `${"a?".repeat(5)}`,
    "(a|b)(c|d)(e|f)(g|h)(i|j)",
    "(a?)*",
  ];
  for (const source of complex) it(`for re2: ${source}`, () => assert.equal(read(source), false));
  const refused = ["(?=a)", "(?!a)", "(?<=a)", "(?<!a)", "(a)\\1", "(?<n>a)\\k<n>"];
  for (const source of refused) it(`refused: ${source}`, () => assert.equal(read(source), "refused"));

  function read(source: string): boolean | "refused" {
    const judged = judge(source, "");
    return judged.ok ? judged.isSimple : "refused";
  }
});

const atom = fc.constantFrom(
  "a",
  "b",
  "\\d",
  "\\w",
  "\\s",
  "\\S",
  ".",
  "[ab]",
  "[^a]",
  "[a-c\\d]",
  "[\\s,]",
  "\\.",
  "é",
  "-",
  "[\\w-]",
  "[.*+]",
  "\\/",
  "\\x41",
  "\\u00e9",
  "$",
  "^",
  "\\b",
  "[^\\S\\n]",
  "{",
  "}",
  "]",
);
const quantifier = fc.constantFrom("", "", "*", "+", "?", "*?", "+?", "{2}", "{1,3}", "{1,}?");
const piece = fc.tuple(atom, quantifier).map(([a, q]) => (/^[\^$]$|^\\b$/.test(a) ? a : a + q));
// A repeated group that can match nothing is where JavaScript and RE2 differ by design: it is not generated.
const group = fc
  .tuple(
    fc.constantFrom("(", "(?:", "(?<n>"),
    fc.array(piece, { minLength: 1, maxLength: 3 }),
    fc.constantFrom(")", ")?", ")+"),
  )
  .map(([open, parts, close]) => open + (close === ")" ? "" : "a") + parts.join("") + close);
const pattern = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: piece },
      { weight: 1, arbitrary: group },
      { weight: 1, arbitrary: fc.constant("|") },
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((parts) => parts.join(""));
const text = fc
  .array(fc.constantFrom("a", "b", "A", "1", " ", "\n", "é", ".", "-", ",", "/", "{"), { maxLength: 12 })
  .map((letters) => letters.join(""));

it("finds the same matches with both engines", () => {
  fc.assert(
    fc.property(pattern, text, fc.constantFrom("g", "gm", "gs", "gi"), (source, subject, flags) => {
      let native: RegExp;
      try {
        native = new RegExp(source, flags);
      } catch {
        return;
      }
      const compiled = compilePattern(source, flags);
      if (!compiled.ok) return;
      const wanted = [...subject.matchAll(native)].map((match) => match[0]);
      const literal = `/${source}/${flags}`;
      const found = evaluate(`[...$json.text.matchAll(${literal})].map(m => m[0])`, {
        items: [{ json: { text: subject } }],
      });
      assert.deepEqual(found, wanted, `${literal} on ${JSON.stringify(subject)}`);
      // Too long for the host's engine: the end is padded with letters that no pattern above matches specially.
      const long = `${subject}${"é".repeat(1100)}`;
      const wantedLong = [...long.matchAll(native)].map((match) => match[0]);
      const search = `[...$json.text.matchAll(${literal})].map(m => m[0])`;
      try {
        const foundLong = evaluate(search, { items: [{ json: { text: long } }] });
        assert.deepEqual(foundLong, wantedLong, `${literal} on a long text`);
      } catch (error) {
        // Many matches that each look far ahead are quadratic in any engine: stopped, and rightly so.
        if (!(error instanceof ExpressionError && error.code === "LIMIT_WORK")) throw error;
      }
    }),
    { seed: 4711, numRuns: 300 },
  );
});
