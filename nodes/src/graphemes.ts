// Text counted as people see it: an emoji or a letter with its accent is one sign.
const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

// biome-ignore lint/suspicious/noControlCharactersInRegex: exactly the characters that need no segmenting.
const plain = /^[\x00-\x0c\x0e-\x7f]*$/;

export function signsOf(text: string): string[] {
  return plain.test(text) ? text.split("") : Array.from(segmenter.segment(text), ({ segment }) => segment);
}
