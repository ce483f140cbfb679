// The ledger of erasures outside the database: one line each, sealed under the root key. A backup that is restored brings
// back whom it was taken before; the ledger tells whom to erase again. So it is never restored with the database.
//
// line = {"id","orgId","at","by","reason","rootId","sealed"}; sealed = the request, bound to id and organization
import { appendFileSync, closeSync, existsSync, fsyncSync, openSync, readFileSync } from "node:fs";
import { decrypt, encrypt } from "../../vault/envelope.ts";
import type { RootKeys } from "../../vault/rootKeys.ts";
import type { ErasureRequest } from "../people/erasePerson.ts";

export type LedgerLine = {
  id: string;
  orgId: string;
  at: string;
  by: string;
  reason: string | null;
  rootId: string;
  sealed: Buffer;
};

export type Ledger = { append(line: LedgerLine): void; read(): LedgerLine[] };

export function openLedger(file: string): Ledger {
  return { append, read };

  /** On the disk when it returns. */
  function append(line: LedgerLine): void {
    const handle = openSync(file, "a", 0o600);
    try {
      appendFileSync(handle, `${JSON.stringify({ ...line, sealed: line.sealed.toString("base64") })}\n`);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  }

  /** A last line that a crash cut off was not answered yet. */
  function read(): LedgerLine[] {
    if (!existsSync(file)) return [];
    const texts = readFileSync(file, "utf8").split("\n");
    return texts.flatMap((text, index) => {
      if (text === "") return [];
      try {
        const line = JSON.parse(text) as Omit<LedgerLine, "sealed"> & { sealed: string };
        return [{ ...line, sealed: Buffer.from(line.sealed, "base64") }];
      } catch {
        if (index === texts.length - 1) return [];
        throw new Error(`Line ${index + 1} of ${file} cannot be read: erasures may be missing.`);
      }
    });
  }
}

export function sealRequest(
  roots: RootKeys,
  about: { id: string; orgId: string },
  request: ErasureRequest,
): Pick<LedgerLine, "rootId" | "sealed"> {
  const { id, key } = roots.current;
  return { rootId: id, sealed: encrypt(key, Buffer.from(JSON.stringify(request)), placeOf(about)) };
}

export function openRequest(
  roots: RootKeys,
  line: Pick<LedgerLine, "id" | "orgId" | "rootId" | "sealed">,
): ErasureRequest {
  const root = roots.find(line.rootId);
  if (!root)
    throw new Error(
      `The root key ${line.rootId} that opens erasure ${line.id} is not there; put it into vault.keys.`,
    );
  return JSON.parse(decrypt(root, line.sealed, placeOf(line)).toString()) as ErasureRequest;
}

function placeOf({ id, orgId }: { id: string; orgId: string }): string {
  return JSON.stringify([orgId, "erasures", id]);
}
