// Tells people: a message per channel, tried again for a day, with the same id each time so that a receiver can know it.
import type { AlertChannel } from "@auraos/contract";
import type { HttpClient } from "@auraos/nodes";
import { composeMail } from "@auraos/nodes/email/compose.ts";
import type { MailConfig } from "@auraos/nodes/email/node.ts";
import { sendMail } from "@auraos/nodes/email/send.ts";
import { type Pool, withTenant } from "../platform/db.ts";
import type { Settings } from "../platform/settings.ts";
import type { Vault } from "../vault/createVault.ts";
import { openAddress } from "./addresses.ts";
import { signedHeaders } from "./sign.ts";
import { secretOf } from "./signing.ts";
import { type Delivery, dueDeliveries, noteDelivery } from "./store.ts";

const WITHIN_MS = 15_000;
const ATTEMPTS_MAX = 12;
const DELAY_MS = 5_000;
const DELAY_MS_MAX = 4 * 3_600_000;

export type DeliverParts = {
  api: Pool;
  http: HttpClient;
  /** Where the mail server may be reached. */
  addressOf: (host: string, port: number) => Promise<string>;
  settings: Pick<Settings, "smtp" | "publicUrl">;
  vault: Pick<Vault, "open">;
  /** Key of this server, of which the secrets of signatures follow that nobody has renewed. */
  serverKey: Buffer;
};

export async function deliverDue(parts: DeliverParts, orgId: string): Promise<void> {
  const due = await withTenant(parts.api, orgId, (tx) => dueDeliveries(tx, orgId));
  for (const one of due) {
    const error = await send(parts, orgId, one).then(
      () => null,
      (problem: unknown) => (problem instanceof Error ? problem.message : String(problem)).slice(0, 1_000),
    );
    const isLast = one.attempts + 1 >= ATTEMPTS_MAX;
    await withTenant(parts.api, orgId, (tx) =>
      noteDelivery(tx, {
        ...{ orgId, id: one.id, error, delayMs: Math.min(DELAY_MS_MAX, DELAY_MS * 2 ** one.attempts) },
        state: error === null ? "sent" : isLast ? "failed" : "pending",
      }),
    );
  }
}

async function send(parts: DeliverParts, orgId: string, one: Delivery): Promise<void> {
  const channel = JSON.parse(one.channel) as AlertChannel;
  if (channel.kind === "webhook") return post(parts, orgId, channel.id, one);
  const { smtp } = parts.settings;
  if (smtp === undefined) throw new Error("No mail server is set up (AURAOS_SMTP_URL).");
  const { alert, happening } = one;
  const config = {
    ...smtp,
    to: channel.to,
    subject: `${happening === "opened" ? "Alert" : "Resolved"}: ${alert.title}`,
    text: `${alert.title}\n\n${alert.detail}\n\nRule: ${alert.rule} (${alert.severity})\n${linkOf(parts, alert.link)}\n`,
    timeoutSeconds: WITHIN_MS / 1000,
  } as unknown as MailConfig;
  const mail = await composeMail(config, [], `<alert-${one.id}@auraos>`, Date.now());
  const address = await parts.addressOf(smtp.host, smtp.port);
  const server = { ...config, address } as Parameters<typeof sendMail>[0];
  await sendMail(server, mail, AbortSignal.timeout(WITHIN_MS));
}

async function post(parts: DeliverParts, orgId: string, addressId: string, one: Delivery): Promise<void> {
  const { alert, happening } = one;
  const { url, secret } = await withTenant(parts.api, orgId, async (tx) => ({
    url: await openAddress(parts.vault, tx, orgId, addressId),
    secret: await secretOf(parts, tx, orgId),
  }));
  const body = JSON.stringify({
    type: `alert.${happening}`,
    alert: { ...alert, link: linkOf(parts, alert.link) },
  });
  const response = await parts.http.request(
    {
      method: "POST",
      url,
      headers: {
        "content-type": "application/json",
        ...signedHeaders(secret, { id: one.id, atMs: Date.now(), body }),
      },
      body,
      timeoutMs: WITHIN_MS,
      redirectsMax: 0,
    },
    AbortSignal.timeout(WITHIN_MS),
  );
  if (response.status < 200 || response.status > 299)
    throw new Error(`The receiver answered ${response.status}.`);
}

function linkOf({ settings }: DeliverParts, link: string | null): string {
  return link === null ? "" : new URL(link, settings.publicUrl ?? "http://localhost").href;
}
