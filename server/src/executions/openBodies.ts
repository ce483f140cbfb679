// Bodies of executions as the API reads them: opened where they are sealed.
import type { BodyCipher } from "../engine/engine.types.ts";
import { openBody, openText, placeOf } from "../engine/postgres/sealed.ts";
import { StoreError } from "../engine/store.ts";
import { refuse } from "../platform/errors.ts";
import type { OpenData, TurnRow } from "./store.ts";

export type OpenedTurn = { seq: number; at: Date; body: Uint8Array };

export async function openTurns(
  cipher: BodyCipher,
  of: { orgId: string; executionId: string },
  rows: readonly TurnRow[],
): Promise<OpenedTurn[]> {
  const opened: OpenedTurn[] = [];
  for (const { keyId, ...row } of rows) {
    if (keyId === null) opened.push(row);
    else opened.push({ ...row, body: await orRefuse(() => openTurn(cipher, of, { ...row, keyId })) });
  }
  return opened;
}

function openTurn(
  cipher: BodyCipher,
  { orgId, executionId }: { orgId: string; executionId: string },
  turn: TurnRow,
): Uint8Array | Promise<Uint8Array> {
  return openBody(cipher, orgId, placeOf.turn(executionId, turn.seq), turn);
}

/** What cannot be opened is not found; that is no reason not to find the others. */
export function dataOpener(cipher: BodyCipher, orgId: string): OpenData {
  const textOf = async (place: string, text: string | null): Promise<string[]> => {
    if (text === null) return [];
    try {
      return [await openText(cipher, orgId, place, text)];
    } catch (error) {
      if (error instanceof StoreError && error.kind === "corrupt") return [];
      throw error;
    }
  };
  return async (id, { input, output }) => [
    ...(await textOf(placeOf.input(id), input)),
    ...(await textOf(placeOf.output(id), output)),
  ];
}

async function orRefuse<T>(open: () => T | Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    if (error.kind === "corrupt")
      throw refuse(410, "DATA_ERASED", error.message, "What is left of it is in the list of executions.");
    throw refuse(503, "DATA_SEALED", error.message, "Put the root key back, then ask again.");
  }
}
