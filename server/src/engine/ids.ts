// Real ids: UUIDv7, so that executions sort by their start and partitions are ranges of ids.
// A child's id is a function of its parent's command: however often the command is issued, it is one child.
import { createHash, randomBytes } from "node:crypto";
import type { Ids } from "./engine.types.ts";

/** Random bytes are drawn in bulk: one call per id cost more than everything else about it. */
const POOL_BYTES = 4096;

export function createIds(): Ids {
  let pool = randomBytes(POOL_BYTES);
  let used = 0;
  const draw = (bytes: number): Buffer => {
    if (used + bytes > POOL_BYTES) {
      pool = randomBytes(POOL_BYTES);
      used = 0;
    }
    used += bytes;
    return pool.subarray(used - bytes, used);
  };
  return {
    execution: (atMs) => uuid7(atMs, draw(10)),
    child: (atMs, name) => uuid7(atMs, createHash("sha256").update(name).digest()),
    seed: () => draw(8).toString("hex"),
  };
}

function uuid7(atMs: number, random: Uint8Array): string {
  const bytes = Buffer.allocUnsafe(16);
  bytes.writeUIntBE(Math.max(0, Math.floor(atMs)), 0, 6);
  bytes.set(random.subarray(0, 10), 6);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
