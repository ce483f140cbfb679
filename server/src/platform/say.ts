// Sentences that are told to people: the English text, and beside it the parts from which a page makes the sentence of its
// reader's language. Both come from one call, so they cannot say different things.
import { type SentenceCode, type SentencePart, type SentenceValues, sentences } from "@auraos/contract";

/** `parts` null = the words of a person, or of a release before parts were kept. */
export type Said = { text: string; parts: SentencePart[] | null };

export function say<Code extends SentenceCode>(code: Code, parameters: SentenceValues<Code>): Said {
  const values: Readonly<Record<string, string | number>> = parameters;
  const found: string | { one: string; other: string } = sentences[code];
  const template = typeof found === "string" ? found : values.count === 1 ? found.one : found.other;
  const text = template.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
  return { text, parts: [{ code, parameters: { ...values } }] };
}

/** One after the other. What has no parts takes them from all: half a sentence in another language helps nobody. */
export function sayAll(said: readonly Said[]): Said {
  const parts = said.map((one) => one.parts);
  return {
    text: said.map(({ text }) => text).join(" "),
    parts: parts.includes(null) ? null : parts.flatMap((one) => one ?? []),
  };
}

/** As an API shows the reason of something. */
export function reasonView(said: Said | undefined): { reason: string; reasonParts: SentencePart[] | null } {
  return { reason: said?.text ?? "", reasonParts: said?.parts ?? null };
}

/** For a column of parts. */
export function partsText(said: Said | null): string | null {
  return said?.parts ? JSON.stringify(said.parts) : null;
}
