// A key that nobody else has, for Idempotency-Key. `crypto.randomUUID` exists only on https and localhost; an
// installation in a home network has neither.
export function newRequestKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
