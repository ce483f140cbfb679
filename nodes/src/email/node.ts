// Sends a mail by SMTP. Three stages with different certainty: until the server has taken the recipients nothing was
// sent; an answer to the message tells; a connection that breaks in between leaves it open.
import { createHash } from "node:crypto";
import type { ConfigProblem, Item, JsonObject, Outputs } from "@auraos/kernel";
import { credentialField } from "../credentials/credentialField.ts";
import { mailTarget } from "../credentials/services.ts";
import { type ActivityCall, type ActivityContext, defineNode } from "../defineNode.ts";
import { nodeErrors } from "../errors/nodeErrors.ts";
import { readConfig, wrongData, wrongParameter } from "../readConfig.ts";
import { z } from "../schema.ts";
import type { Attachment } from "./compose.ts";
import { type MailServer, sendMail } from "./send.ts";

const addresses = (description: string) =>
  z.union([z.string().min(3), z.array(z.string().min(3)).min(1)]).describe(description);

const schema = z.strictObject({
  credential: credentialField(["smtp"], "Mail server to send with.").optional(),
  host: z
    .string()
    .min(1)
    .optional()
    .describe("Mail server, such as smtp.example.com; for a server without a connection."),
  port: z.int().min(1).max(65_535).default(587).describe("Port: 587 (STARTTLS), 465 (TLS) or 25."),
  encryption: z
    .enum(["tls", "startTls", "none"])
    .optional()
    .describe(
      "TLS from the start, or before signing in, or none. Default: tls on port 465, else startTls, which must work.",
    ),
  auth: z
    .strictObject({
      user: z.string().min(1).describe("User name."),
      password: z.string().describe("Password, or the password of an app."),
    })
    .optional()
    .describe("How to sign in. Default: without."),
  from: z.string().min(3).describe('Sender, such as "Shop" <shop@example.com>.'),
  to: addresses("Recipients: an address, several with commas, or a list."),
  cc: addresses("Recipients of a copy.").optional(),
  bcc: addresses("Recipients of a copy that the others do not see.").optional(),
  replyTo: addresses("Where answers go.").optional(),
  subject: z.string().max(998).describe("Subject."),
  text: z.string().optional().describe("Text for those who read no HTML."),
  html: z.string().optional().describe("HTML. Without text, mail programs show it as they can."),
  attachments: z
    .array(z.string().min(1))
    .max(100)
    .optional()
    .describe("Names of the item's files to attach."),
  headers: z
    .record(z.string().regex(/^[A-Za-z][A-Za-z0-9-]*$/, "must be the name of a header."), z.string())
    .optional()
    .describe("Other headers, such as In-Reply-To or List-Unsubscribe."),
  timeoutSeconds: z.number().positive().max(600).default(60).describe("Longest silence of the server."),
});
export type MailConfig = z.output<typeof schema>;

export const emailNode = defineNode({
  type: "email",
  version: 1,
  name: "Send e-mail",
  description:
    "Sends a mail through a mail server (SMTP), with attachments of the item. Every attempt carries the same message id.",
  icon: "mail",
  category: "action",
  effect: "once",
  per: "item",
  ports: ["main"],
  concurrency: 3,
  timeoutMs: 180_000,
  errors: nodeErrors(
    [
      "DATA_INVALID",
      "MAIL_AUTH",
      "MAIL_TLS",
      "MAIL_ADDRESS",
      "MAIL_TIMEOUT",
      "MAIL_CONNECTION",
      "SMTP_<status>",
    ],
    "outbound",
    "connection",
    "blobs",
  ),
  schema,
  rawFields: ["credential"],
  credentials: ["smtp"],
  example: {
    credential: "Shop mail",
    from: '"Shop" <shop@example.com>',
    to: "{{ $json.email }}",
    subject: "Order {{ $json.number }}",
    text: "Thank you, {{ $json.name }}.",
  },
  checkConfig: checkBody,
  run,
});

function checkBody(config: JsonObject): ConfigProblem[] {
  if (config.credential === undefined && config.host === undefined)
    return [
      {
        field: "credential",
        code: "FIELD_MISSING",
        message: "A mail needs a connection to a mail server.",
        remedy: 'Choose one, or give "host" for a server without a sign-in.',
      },
    ];
  if (config.text !== undefined || config.html !== undefined) return [];
  return [{ field: "text", code: "FIELD_MISSING", message: 'A mail needs "text" or "html".' }];
}

async function run(call: ActivityCall, context: ActivityContext): Promise<Outputs> {
  const config = readConfig(schema, call.config);
  const attachments = await filesOf(config, call.items[0] as Item, context);
  // Loaded by those who send mail only.
  const { composeMail } = await import("./compose.ts");
  const mail = await composeMail(
    config,
    attachments,
    messageId(call.idempotencyKey, config.from),
    call.nowMs,
  );
  const sent = await sendMail(await serverOf(config, context), mail, context.signal);
  const json = {
    messageId: mail.messageId,
    accepted: sent.accepted,
    rejected: sent.rejected,
    response: sent.response,
  };
  return { main: { items: [{ json }] } };
}

async function serverOf(config: MailConfig, context: ActivityContext): Promise<MailServer> {
  const { timeoutSeconds } = config;
  if (config.credential !== undefined) {
    const { values } = await context.credential();
    const target = mailTarget(values);
    return { ...target, address: await context.addressOf(target.host, target.port), timeoutSeconds };
  }
  const { host, port, encryption, auth } = config;
  if (host === undefined) throw wrongParameter("host", "is missing, and there is no connection.");
  return { host, port, encryption, auth, address: await context.addressOf(host, port), timeoutSeconds };
}

/** The same for every attempt of the same mail, so that a mailbox shows a mail that came twice as one. */
function messageId(key: string, from: string): string {
  const domain = /@([A-Za-z0-9.-]+)>?\s*$/.exec(from)?.[1] ?? "localhost";
  return `<${createHash("sha256").update(key).digest("hex").slice(0, 40)}@${domain}>`;
}

async function filesOf(config: MailConfig, item: Item, context: ActivityContext): Promise<Attachment[]> {
  const attachments: Attachment[] = [];
  for (const name of config.attachments ?? []) {
    const file = item.files?.[name];
    if (!file) throw wrongData(`The item has no file "${name}".`);
    attachments.push({
      filename: file.name,
      contentType: file.mimeType,
      content: Buffer.from(await context.blobs.get(file)),
    });
  }
  return attachments;
}
