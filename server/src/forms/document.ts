// The frame of every page that AuraOS shows to people without an account: forms, their thanks, answers to waits. Whatever is
// put into it is escaped by `escaped`.

import { formStyle } from "./formStyle.ts";
import type { FormLanguage } from "./formTexts.ts";

export type PageLooks = { language: FormLanguage; nonce: string };

export function documentOf(
  title: string,
  body: string,
  { language, nonce }: PageLooks,
  script?: string,
): string {
  return `<!doctype html>
<html lang="${language}" dir="${language === "ar" ? "rtl" : "ltr"}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">
<title>${escaped(title)}</title><style nonce="${nonce}">${formStyle}</style></head>
<body><main>${body}</main>${script === undefined ? "" : `<script nonce="${nonce}">${script}</script>`}</body></html>`;
}

/** What is done stands under a tick. */
export const tick =
  '<div class="mark" aria-hidden="true"><svg width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor" ' +
  'stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round"><path d="M5 13l4 4L19 7"/></svg></div>';

export function paragraph(text: string | undefined, kind: string): string {
  return text === undefined || text === "" ? "" : `<p class="${kind}">${escaped(text)}</p>`;
}

export function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
