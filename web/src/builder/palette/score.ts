// How well a node type fits what was typed. The beginning of its name first, then words of the name, then other words
// for it, then its description, then letters in order ("hrq" finds HTTP request).
export function score(_type: string, search: string, keywords: string[] = []): number {
  const wanted = search.trim().toLowerCase();
  if (wanted === "") return 1;
  const [name = "", description = "", synonyms = ""] = keywords.map((one) => one.toLowerCase());
  if (name === wanted) return 1;
  if (name.startsWith(wanted)) return 0.95;
  if (hasWord(name, wanted)) return 0.9;
  if (hasWord(synonyms, wanted)) return 0.8;
  if (name.includes(wanted)) return 0.7;
  if (hasWord(description, wanted)) return 0.5;
  const words = wanted.split(/\s+/);
  const all = `${name} ${synonyms} ${description}`;
  if (words.length > 1 && words.every((word) => hasWord(all, word))) return 0.45;
  return isInOrder(name, wanted) ? 0.3 : 0;
}

function hasWord(text: string, start: string): boolean {
  return text.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(start));
}

function isInOrder(text: string, letters: string): boolean {
  let at = 0;
  for (const letter of letters.replaceAll(" ", "")) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return letters.length >= 2;
}
