// Bodies of executions on the way out of the tables and back: opened where they are sealed, sealed as they were.
import type { BodyCipher } from "../../engine/engine.types.ts";
import { openBody, openText, placeOf, sealOne } from "../../engine/postgres/sealed.ts";
import { StoreError } from "../../engine/store.ts";
import type { ExecutionPart, TurnPart } from "./peopleStore.ts";

/** Undefined: its key is gone, so nobody can read it, and there is nothing to erase. */
export async function turnText(
  cipher: BodyCipher,
  orgId: string,
  turn: TurnPart,
): Promise<string | undefined> {
  return unlessGone(async () => {
    const body = await openBody(cipher, orgId, placeOf.turn(turn.executionId, turn.seq), turn);
    return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8");
  });
}

export async function withTurnText(
  cipher: BodyCipher,
  orgId: string,
  turn: TurnPart,
  text: string,
): Promise<TurnPart> {
  const { body, keyId } = await sealOne(
    cipher,
    orgId,
    placeOf.turn(turn.executionId, turn.seq),
    Buffer.from(text),
  );
  return { ...turn, body: Buffer.from(body), keyId };
}

export async function dataText(
  cipher: BodyCipher,
  orgId: string,
  { id, ...row }: ExecutionPart,
  side: "input" | "output",
): Promise<string | null | undefined> {
  const text = row[side];
  return text === null ? null : unlessGone(() => openText(cipher, orgId, placeOf[side](id), text));
}

/** As the engine writes such a column. */
export async function sealedData(
  cipher: BodyCipher,
  orgId: string,
  id: string,
  side: "input" | "output",
  text: string,
): Promise<string> {
  const { body, keyId } = await sealOne(cipher, orgId, placeOf[side](id), Buffer.from(text));
  return keyId === null ? text : `sealed:${keyId}:${Buffer.from(body).toString("base64")}`;
}

async function unlessGone<T>(open: () => Promise<T>): Promise<T | undefined> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof StoreError && error.kind === "corrupt") return undefined;
    throw error;
  }
}
