// What a node does, without what it gives: where there is little room. A text that is cut would end within a word, in Arabic at
// the beginning of one in Latin letters.
export function firstSentenceOf(text: string): string {
  return /^.*?[.。](?=\s|$)/.exec(text)?.[0] ?? text;
}
