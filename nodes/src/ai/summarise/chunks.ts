// Cuts a long text into pieces: at paragraphs where possible, else at sentences, else at spaces, and never within
// a character.

export function chunksOf(text: string, charactersMax: number): string[] {
  const chunks: string[] = [];
  let rest = text.trim();
  while (rest.length > charactersMax) {
    const end = endOf(rest, charactersMax);
    chunks.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  if (rest !== "") chunks.push(rest);
  return chunks;
}

function endOf(text: string, charactersMax: number): number {
  const window = text.slice(0, charactersMax);
  const earliest = Math.floor(charactersMax / 2);
  for (const pattern of [/\n\s*\n/g, /[.!?。！？]["')\]]?\s/g, /\s/g]) {
    const last = [...window.matchAll(pattern)].at(-1);
    if (last && last.index >= earliest) return last.index + last[0].length;
  }
  const isWithinPair = /[\uD800-\uDBFF]/.test(window.at(-1) ?? "");
  return isWithinPair ? charactersMax - 1 : charactersMax;
}
