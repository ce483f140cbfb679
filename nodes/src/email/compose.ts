// The message as it goes over the wire, and who gets it.
import addressparser from "nodemailer/lib/addressparser";
import MailComposer from "nodemailer/lib/mail-composer";
import { wrongParameter } from "../readConfig.ts";
import type { MailConfig } from "./node.ts";

export type Attachment = { filename: string; contentType: string; content: Buffer };
export type Mail = { messageId: string; from: string; to: string[]; bytes: Buffer };

export async function composeMail(
  config: MailConfig,
  attachments: Attachment[],
  messageId: string,
  nowMs: number,
): Promise<Mail> {
  const [from, ...otherSenders] = parsed(config.from, "from");
  if (from === undefined || otherSenders.length > 0) throw wrongParameter("from", "must be one address.");
  const to = [
    ...parsed(config.to, "to"),
    ...parsed(config.cc ?? [], "cc"),
    ...parsed(config.bcc ?? [], "bcc"),
  ];
  if (to.length === 0) throw wrongParameter("to", "names no recipient.");
  parsed(config.replyTo ?? [], "replyTo");

  const { cc, replyTo, text, html, headers } = config;
  const composer = new MailComposer({
    messageId,
    date: new Date(nowMs),
    from: config.from,
    to: config.to,
    subject: config.subject,
    attachments,
    // Content comes from the workflow only, never from paths or addresses in it.
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(cc === undefined ? {} : { cc }),
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(text === undefined ? {} : { text }),
    ...(html === undefined ? {} : { html }),
    ...(headers === undefined ? {} : { headers }),
  });
  return { messageId, from, to: [...new Set(to)], bytes: await composer.compile().build() };
}

/** Bare addresses; groups and names without an address are refused rather than dropped. */
function parsed(given: string | string[], field: string): string[] {
  return [given].flat().flatMap((text) => {
    if (/[\r\n]/.test(text)) throw wrongParameter(field, "must not contain line breaks.");
    return addressparser(text, { flatten: true }).map(({ address }) => {
      if (address === undefined || !/^[^\s@<>]+@[^\s@<>]+$/.test(address)) {
        throw wrongParameter(field, `is no mail address: ${JSON.stringify(text.slice(0, 100))}.`);
      }
      return address;
    });
  });
}
