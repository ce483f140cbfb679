// The id of a blob: opaque to everyone else, and the only way to a file of the store.
//
// Invariant: an id that `placeOf` accepts names a place inside the store. Its parts consist of letters, digits, `_` and
// `-` only, so there is no way to write a separator, a dot or an empty part.
import { randomUUID } from "node:crypto";
import type { BlobOwner } from "./blobs.types.ts";

const part = /^[A-Za-z0-9_-]{1,80}$/;
const dayPattern = /^\d{4}-\d{2}-\d{2}$/;

export type BlobPlace = {
  owner: BlobOwner;
  folders: [org: string, day: string, execution: string];
  name: string;
};

export function newBlobId(owner: BlobOwner): string {
  return [...foldersOf(owner), randomUUID()].join(".");
}

/** Undefined when no id of a blob looks like this. */
export function placeOf(id: string): BlobPlace | undefined {
  const parts = id.split(".");
  const [orgId = "", day = "", executionId = "", name = ""] = parts;
  if (parts.length !== 4 || !isOwner({ orgId, day, executionId }) || !part.test(name)) return undefined;
  return { owner: { orgId, day, executionId }, folders: [orgId, day, executionId], name };
}

export function foldersOf(owner: BlobOwner): [org: string, day: string, execution: string] {
  if (!isOwner(owner))
    throw new Error("A blob needs an organization, an execution and a day that can be names of folders.");
  return [owner.orgId, owner.day, owner.executionId];
}

export function isDay(text: string): boolean {
  return dayPattern.test(text);
}

function isOwner({ orgId, day, executionId }: BlobOwner): boolean {
  return part.test(orgId) && part.test(executionId) && isDay(day);
}
