// Bodies as they stand in the tables: in plain UTF-8 JSON (codec 0), or sealed (codec 1, and key_id says by which key).
// Columns of type text hold a sealed body as `sealed:KEY:BASE64`, which is no JSON; so each column of a row tells by
// itself, and a row may have one of each kind.
import type { BodyCipher } from "../engine.types.ts";
import { type ExecutionUpdate, type FlushBatch, type StartRow, StoreError } from "../store.ts";

export const PLAIN = 0;
export const SEALED = 1;
const TEXT_MARK = "sealed:";

export const placeOf = {
  turn: (executionId: string, seq: number) => `turns ${executionId} ${seq}`,
  snapshot: (executionId: string, seq: number) => `snapshots ${executionId} ${seq}`,
  inbox: (id: string) => `inbox ${id}`,
  input: (executionId: string) => `input ${executionId}`,
  output: (executionId: string) => `output ${executionId}`,
};

export type StoredBody = { body: Uint8Array; keyId: string | null };

/** The bodies of a batch, sealed, and the key of each row; rows without a body to seal have none. */
export type SealedBatch = FlushBatch & { turnKeys: string[]; textKeys: Map<string, string> };

/** The keys must be at hand (`prepare`). */
export function sealBatch(cipher: BodyCipher | undefined, batch: FlushBatch): SealedBatch {
  if (!cipher?.isOn) return { ...batch, turnKeys: [], textKeys: new Map() };
  const turnKeys: string[] = [];
  const textKeys = new Map<string, string>();
  const turns = batch.turns.map((row) => {
    const sealed = cipher.seal(row.orgId, placeOf.turn(row.executionId, row.seq), row.body);
    turnKeys.push(sealed.keyId);
    return { ...row, body: sealed.body };
  });
  const sealText = (orgId: string, executionId: string, place: string, text: Uint8Array): Uint8Array => {
    const sealed = cipher.seal(orgId, place, text);
    textKeys.set(executionId, sealed.keyId);
    const { buffer, byteOffset, byteLength } = sealed.body;
    return Buffer.from(
      `${TEXT_MARK}${sealed.keyId}:${Buffer.from(buffer, byteOffset, byteLength).toString("base64")}`,
    );
  };
  const starts = batch.starts.map((row): StartRow => {
    if (row.input === null) return row;
    return { ...row, input: sealText(row.orgId, row.executionId, placeOf.input(row.executionId), row.input) };
  });
  const updates = batch.updates.map((row): ExecutionUpdate => {
    if (row.output === null || row.orgId === null) return row;
    return {
      ...row,
      output: sealText(row.orgId, row.executionId, placeOf.output(row.executionId), row.output),
    };
  });
  return { ...batch, turns, starts, updates, turnKeys, textKeys };
}

/** Whose bodies are in a batch; one after the other is often the same. */
export function* orgsOf(batch: FlushBatch): Generator<string> {
  let last: string | null = null;
  for (const rows of [batch.turns, batch.starts, batch.updates])
    for (const { orgId } of rows) {
      if (orgId !== null && orgId !== last) yield orgId;
      last = orgId;
    }
}

/** One body, for rows that travel alone. */
export async function sealOne(
  cipher: BodyCipher | undefined,
  orgId: string,
  place: string,
  body: Uint8Array,
): Promise<StoredBody> {
  if (!cipher?.isOn) return { body, keyId: null };
  await cipher.prepare([orgId]);
  return cipher.seal(orgId, place, body);
}

export function openBody(
  cipher: BodyCipher | undefined,
  orgId: string,
  place: string,
  { body, keyId }: StoredBody,
): Uint8Array | Promise<Uint8Array> {
  if (keyId === null) return body;
  return withCipher(cipher).open(orgId, keyId, place, body);
}

/** A column of type text: input_data or output_data. */
export async function openText(
  cipher: BodyCipher | undefined,
  orgId: string,
  place: string,
  text: string,
): Promise<string> {
  if (!text.startsWith(TEXT_MARK)) return text;
  const end = text.indexOf(":", TEXT_MARK.length);
  const keyId = text.slice(TEXT_MARK.length, end);
  const body = await withCipher(cipher).open(orgId, keyId, place, Buffer.from(text.slice(end + 1), "base64"));
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8");
}

function withCipher(cipher: BodyCipher | undefined): BodyCipher {
  if (cipher) return cipher;
  throw new StoreError("unavailable", "This body is sealed, and there is no key here.");
}
