// Tokens of resume addresses: they name one wait of one execution and are signed, so they cannot be guessed or made
// up. Nothing is stored; whether the wait is still open is the execution's to say.
//   token = base64url(execution id, 16 bytes | signature, 16 bytes | wait id, UTF-8)
import { createHmac, timingSafeEqual } from "node:crypto";

const SIGNATURE_BYTES = 16;

export type ResumeTokens = {
  make(executionId: string, wait: string): string;
  /** Undefined when the token was not made here. */
  read(token: string): { executionId: string; wait: string } | undefined;
};

export function createResumeTokens(secret: Buffer): ResumeTokens {
  const sign = (executionId: Buffer, wait: Buffer) =>
    createHmac("sha256", secret).update(executionId).update(wait).digest().subarray(0, SIGNATURE_BYTES);
  return {
    make(executionId, wait) {
      const id = Buffer.from(executionId.replaceAll("-", ""), "hex");
      const name = Buffer.from(wait);
      return Buffer.concat([id, sign(id, name), name]).toString("base64url");
    },
    read(token) {
      if (!/^[A-Za-z0-9_-]{44,4000}$/.test(token)) return undefined;
      const bytes = Buffer.from(token, "base64url");
      const id = bytes.subarray(0, 16);
      const signature = bytes.subarray(16, 16 + SIGNATURE_BYTES);
      const name = bytes.subarray(16 + SIGNATURE_BYTES);
      if (name.length === 0 || !timingSafeEqual(signature, sign(id, name))) return undefined;
      const hex = id.toString("hex");
      const executionId = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
      return { executionId, wait: name.toString() };
    },
  };
}
