export type SuggestionKind = "name" | "method" | "property";
export type Suggestion = { kind: SuggestionKind; name: string; signature: string; doc: string };
export function suggestions(): Suggestion[] {
  return [];
}
