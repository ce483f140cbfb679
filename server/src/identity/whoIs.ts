// To which person and organizations something belongs that happened before there was a caller: a sign-in, a wrong password.
import type { Pool } from "../platform/db.ts";
import { findAccount, findBelongings } from "./store.ts";

export type KnownPerson = { userId: string; email: string; orgIds: string[] };

export async function whoIs(pool: Pool, email: string): Promise<KnownPerson | undefined> {
  const account = await findAccount(pool, email);
  if (account === undefined) return undefined;
  return { userId: account.id, email: account.email, orgIds: await organizationsOf(pool, account.id) };
}

export async function organizationsOf(pool: Pool, userId: string): Promise<string[]> {
  return (await findBelongings(pool, userId)).map(({ orgId }) => orgId);
}
