// Helpers that change how words are written. All walk the text once.
import { charge, madeText, type Run } from "../run.ts";
import { method } from "../values.ts";

const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;

/** Words of a text: split at anything that is no letter or digit, and where small meets capital. */
export function wordsOf(run: Run, text: string): string[] {
  charge(run, text.length >>> 2);
  const words: string[] = [];
  let word = "";
  let wasSmall = false;
  for (const char of text) {
    const isPart = LETTER_OR_DIGIT.test(char);
    const isCapital = isPart && char !== char.toLowerCase();
    if (word !== "" && (!isPart || (isCapital && wasSmall))) {
      words.push(word);
      word = "";
    }
    if (isPart) word += char;
    wasSmall = isPart && !isCapital;
  }
  if (word !== "") words.push(word);
  return words;
}

export function capitalized(word: string): string {
  const first = String.fromCodePoint(word.codePointAt(0) ?? 32);
  return word === "" ? "" : first.toUpperCase() + word.slice(first.length);
}

function joined(run: Run, text: string, separator: string): string {
  return madeText(
    run,
    wordsOf(run, text)
      .map((word) => word.toLowerCase())
      .join(separator),
  );
}

function titleCase(run: Run, text: string): string {
  charge(run, text.length >>> 2);
  let out = "";
  let atStart = true;
  for (const char of text.toLowerCase()) {
    out += atStart ? char.toUpperCase() : char;
    atStart = /\s/.test(char) || char === "-" || char === "(";
  }
  return madeText(run, out);
}

function sentenceCase(run: Run, text: string): string {
  charge(run, text.length >>> 2);
  let out = "";
  let atStart = true;
  for (const char of text.toLowerCase()) {
    const isLetter = LETTER_OR_DIGIT.test(char);
    out += atStart && isLetter ? char.toUpperCase() : char;
    if (isLetter) atStart = false;
    else if (char === "." || char === "!" || char === "?") atStart = true;
  }
  return madeText(run, out);
}

export const textCaseHelpers = {
  toTitleCase: method<string>("toTitleCase()", "Every Word With A Capital.", (run, self) =>
    titleCase(run, self),
  ),
  toSentenceCase: method<string>(
    "toSentenceCase()",
    "A capital at the start of each sentence.",
    (run, self) => sentenceCase(run, self),
  ),
  toSnakeCase: method<string>("toSnakeCase()", "words_like_this.", (run, self) => joined(run, self, "_")),
  toDashCase: method<string>("toDashCase()", "words-like-this.", (run, self) => joined(run, self, "-")),
  toKebabCase: method<string>("toKebabCase()", "words-like-this.", (run, self) => joined(run, self, "-")),
  toCamelCase: method<string>("toCamelCase()", "wordsLikeThis.", (run, self) => {
    const words = wordsOf(run, self).map((word) => word.toLowerCase());
    return madeText(run, words.map((word, i) => (i === 0 ? word : capitalized(word))).join(""));
  }),
};
