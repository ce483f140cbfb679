// Signatures of outgoing alerts, by Standard Webhooks 1.0: the receiver checks that a message is ours and that it is fresh.
// The first secret of an organization follows from the key of this server; signing.ts has those that people made.
import { createHmac } from "node:crypto";

export function signingSecret(serverKey: Buffer, orgId: string): string {
  return `whsec_${createHmac("sha256", serverKey).update(`alerts/${orgId}`).digest("base64")}`;
}

/** Of one try: the id is that of the message, the time that of the try. */
export function signedHeaders(
  secret: string,
  message: { id: string; atMs: number; body: string },
): Record<string, string> {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const seconds = String(Math.floor(message.atMs / 1000));
  const signature = createHmac("sha256", key)
    .update(`${message.id}.${seconds}.${message.body}`)
    .digest("base64");
  return {
    "webhook-id": message.id,
    "webhook-timestamp": seconds,
    "webhook-signature": `v1,${signature}`,
  };
}
