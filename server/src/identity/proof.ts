// Step-up: something risky wants the person to have proved who they are a moment ago. Keys cannot prove anything and are
// held by their rights alone.
import type { Caller } from "../platform/caller.ts";
import { refuse } from "../platform/errors.ts";

const GOOD_FOR_MS = 15 * 60 * 1000;

/** Throws 403 PROOF_NEEDED. */
export function demandProof(caller: Caller, nowMs: number): void {
  if (caller.via !== "session" || nowMs - (caller.provenAtMs ?? 0) < GOOD_FOR_MS) return;
  throw refuse(
    403,
    "PROOF_NEEDED",
    "This needs a proof of who you are from the last fifteen minutes.",
    "Send your password to /api/v1/auth/proof, or sign in again.",
  );
}
