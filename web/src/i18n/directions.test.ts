// Examples within an Arabic text keep their direction; the punctuation of the sentence stays the sentence's.
import assert from "node:assert/strict";
import { test } from "node:test";
import { directionOfText, leftToRight, withExamples, withTurnsShown } from "./directions.ts";

const marked = (text: string) => withExamples(text).replaceAll("\u2066", "⟨").replaceAll("\u2069", "⟩");

test("examples are kept apart, the sentence around them is not", () => {
  assert.equal(marked("يوم، مثل 0 9 * * 1-5؛ وغيره."), "يوم، مثل ⟨0 9 * * 1-5⟩؛ وغيره.");
  assert.equal(marked("الأسماء، مثل *.csv."), "الأسماء، مثل ⟨*.csv⟩.");
  assert.equal(marked("(الافتراضي text)."), "(الافتراضي ⟨text⟩).");
  assert.equal(marked("ترويسة Link (rel=next)."), "ترويسة ⟨Link (rel=next)⟩.");
  assert.equal(marked("{name} مكان"), "⟨{name}⟩ مكان");
  assert.equal(marked("نص: لا غير."), "نص: لا غير.");
});

test("a sentence is read in the direction of its script", () => {
  assert.equal(directionOfText("TLS من البداية"), "rtl");
  assert.equal(directionOfText("TLS from the start"), "ltr");
  assert.equal(directionOfText(""), "ltr");
});

test("a name cannot turn the line it stands in", () => {
  assert.equal(withTurnsShown("key\u202egpj.exe"), "key[U+202E]gpj.exe");
  assert.equal(withTurnsShown("open\u2067"), "open[U+2067]");
  assert.equal(withTurnsShown("\u2069\u202eout"), "[U+2069][U+202E]out");
  assert.equal(withTurnsShown(`مع ${leftToRight("a.b")}`), `مع ${leftToRight("a.b")}`);
  assert.equal(withTurnsShown(leftToRight("a\u202eb")), leftToRight("a[U+202E]b"));
  assert.equal(withTurnsShown("اسم عادي"), "اسم عادي");
});
