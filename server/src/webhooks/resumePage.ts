// The page at a resume address, for a person who has opened it: what is asked, and the buttons that answer. In the language
// their browser asks for.
import type { AskedWait } from "../executions/askedWait.ts";
import { documentOf, escaped, type PageLooks, paragraph, tick } from "../forms/document.ts";

const en = {
  title: "Continue",
  text: "Something waits for this answer.",
  continue: "Continue",
  approve: "Approve",
  reject: "Reject",
  more: "This one wants more than a yes or no: sign in to answer it.",
  open: "Open in AuraOS",
  thanksTitle: "Thank you",
  thanksText: "Your answer has arrived. You can close this page.",
  closedTitle: "This is answered already",
  closedText: "Somebody has answered it, or its time is over. Nothing is left for you to do.",
  unknownTitle: "There is no such address",
  unknownText: "Copy the whole address once more from the message that you got.",
};

const ar: typeof en = {
  title: "متابعة",
  text: "هناك ما ينتظر هذا الجواب.",
  continue: "متابعة",
  approve: "موافقة",
  reject: "رفض",
  more: "يتطلب هذا أكثر من نعم أو لا: سجّل الدخول للإجابة عنه.",
  open: "فتح في AuraOS",
  thanksTitle: "شكرًا لك",
  thanksText: "وصل جوابك. يمكنك إغلاق هذه الصفحة.",
  closedTitle: "سبقت الإجابة عن هذا",
  closedText: "أجاب عنه شخص ما أو انتهت مدته. لم يبقَ شيء عليك فعله.",
  unknownTitle: "لا يوجد عنوان كهذا",
  unknownText: "انسخ العنوان كاملًا مرة أخرى من الرسالة التي وصلتك.",
};

export type Decision = "approve" | "reject";

/** `decided`: the address says it already, and the page asks no more than to confirm. */
export function askPage(
  asked: AskedWait,
  about: { decided?: Decision | undefined; appUrl: string },
  looks: PageLooks,
): string {
  const texts = textsOf(looks);
  const title = asked.title ?? texts.title;
  const message = asked.message ?? (asked.title === undefined ? texts.text : undefined);
  const head = `<h1>${escaped(title)}</h1>${paragraph(message, "lead")}`;
  if (asked.kind === "approval" && asked.hasForm) {
    const link = `<div class="buttons"><a class="button" href="${escaped(about.appUrl)}">${escaped(texts.open)}</a></div>`;
    return documentOf(title, `${head}${paragraph(texts.more, "help")}${link}`, looks);
  }
  return documentOf(
    title,
    `${head}<form method="post"><div class="buttons">${buttons(asked, about.decided, texts)}</div></form>`,
    looks,
  );
}

function buttons({ kind }: AskedWait, decided: Decision | undefined, texts: typeof en): string {
  if (kind === "webhook") return `<button>${escaped(texts.continue)}</button>`;
  const button = (decision: Decision, looks: string) =>
    `<button${looks} name="decision" value="${decision}">${escaped(texts[decision])}</button>`;
  if (decided !== undefined) return button(decided, "");
  return button("approve", "") + button("reject", ' class="quiet"');
}

export function saidPage(what: "thanks" | "closed" | "unknown", looks: PageLooks): string {
  const texts = textsOf(looks);
  const title = texts[`${what}Title`];
  const mark = what === "thanks" ? tick : "";
  const body = `${mark}<h1>${escaped(title)}</h1>${paragraph(texts[`${what}Text`], "lead")}`;
  return documentOf(title, body, looks);
}

function textsOf({ language }: PageLooks): typeof en {
  return language === "ar" ? ar : en;
}
