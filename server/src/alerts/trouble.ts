// Why a rule could not be looked at. The text alone is kept with the rule; its parts are found again from how it begins, so
// that a page says it in the reader's language.
import { type SentenceCode, sentences } from "@auraos/contract";
import { classifyDatabaseError } from "../platform/db.ts";
import { type Said, say } from "../platform/say.ts";

const CODES = [
  "alert.trouble.busy",
  "alert.trouble.lost",
  "alert.trouble.full",
  "alert.trouble.corrupt",
  "alert.trouble.data",
] as const satisfies readonly SentenceCode[];

export function troubleOf(error: unknown): Said {
  const message = error instanceof Error ? error.message : String(error);
  const kind = classifyDatabaseError(error);
  return say(`alert.trouble.${kind}`, { message });
}

/** `text`: as it is kept; from before it was said in parts, it is the message alone. */
export function keptTrouble(text: string): Said {
  for (const code of CODES) {
    const beginning = sentences[code].replace("{message}", "");
    if (text.startsWith(beginning)) return say(code, { message: text.slice(beginning.length) });
  }
  return say("alert.trouble.other", { message: text });
}
