// Where a chain begins. At first before entry 1, with 32 zero bytes; once old entries have left with their retention, behind
// the last one that left. The server signs that it let them go, so that nobody else can cut the beginning off unnoticed.
//
//   auraos.local/audit-base/ORGANIZATION  whose chain
//   1742                                  the last entry that left
//   BASE64                                its hash
//   at 2031-06-15T00:00:00.000Z
import type { Transaction } from "../platform/db.ts";
import { readSigned, type Verifier } from "./note.ts";

export type Base = { seq: number; hash: Buffer; note: string; removedAt: Date };

const ORIGIN = "auraos.local/audit-base/";

/** `tx` has its tenant set, or is the owner's. Undefined = nothing has left. */
export async function findBase(tx: Pick<Transaction, "query">, orgId: string): Promise<Base | undefined> {
  const { rows } = await tx.query<Base>(
    'SELECT seq, hash, note, removed_at AS "removedAt" FROM audit_bases WHERE org_id = $1',
    [orgId],
  );
  return rows[0];
}

/** What is signed when entries leave. */
export function baseText(orgId: string, base: Pick<Base, "seq" | "hash" | "removedAt">): string {
  const { seq, hash, removedAt } = base;
  return `${[ORIGIN + orgId, seq, hash.toString("base64"), `at ${removedAt.toISOString()}`].join("\n")}\n`;
}

export function isBaseSigned(orgId: string, base: Base, verifiers: readonly Verifier[]): boolean {
  const { text, isSigned } = readSigned(base.note, verifiers);
  return isSigned && text === baseText(orgId, base);
}
