// Ways of writing a name of several words.
export const casings = ["camel", "pascal", "snake", "kebab", "constant"] as const;
export type Casing = (typeof casings)[number];

/** `orderID 2nd` -> order, ID, 2nd. Words end at other characters, before a capital, and after a run of capitals. */
function wordsOf(text: string): string[] {
  return text.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{Lo}\p{M}]+|\p{N}+[\p{Ll}]*|\p{L}+/gu) ?? [];
}

/** A text without any word stays as it is. */
export function inCasing(text: string, casing: Casing): string {
  const words = wordsOf(text).map((word) => word.toLowerCase());
  if (words.length === 0) return text;
  switch (casing) {
    case "camel":
      return words.map((word, index) => (index === 0 ? word : capital(word))).join("");
    case "pascal":
      return words.map(capital).join("");
    case "snake":
      return words.join("_");
    case "kebab":
      return words.join("-");
    case "constant":
      return words.join("_").toUpperCase();
  }
}

export function capital(word: string): string {
  const [first = "", ...rest] = word;
  return first.toUpperCase() + rest.join("");
}
