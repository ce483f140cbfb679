// What an error is, by its code, in the languages in which the server does not speak. The server's own sentence says more,
// and is shown beside it; readers of English need nothing else.
import type { TFunction } from "i18next";
import { leftToRight } from "../i18n/directions.ts";

/** Undefined = the reader has the server's sentence, or nobody has named this code. */
export function errorTitle(code: string, t: TFunction): string | undefined {
  return isTranslated() ? codeName(code, t) : undefined;
}

/** In whatever language `t` speaks. */
export function codeName(code: string, t: TFunction): string | undefined {
  for (const key of [code, ...familyOf(code)]) {
    const title = t(`errors:${key}`, { defaultValue: "" });
    if (title !== "") return title;
  }
  return undefined;
}

/** Codes that end with what the other side said: `HTTP_404`, `SQL_23505`. */
function familyOf(code: string): string[] {
  const status = /^HTTP_([45])\d\d$/.exec(code)?.[1];
  if (status !== undefined) return [`HTTP_${status}xx`];
  const family = /^(AI_HTTP|SMTP|SQLITE|SQL|REDIS)_\w+$/.exec(code)?.[1];
  return family === undefined ? [] : [`${family}_any`];
}

function isTranslated(): boolean {
  return typeof document !== "undefined" && document.documentElement.lang !== "en";
}

/** English within a sentence of another direction; of no width. */
export function inEnglish(text: string): string {
  return isTranslated() ? leftToRight(text) : text;
}
