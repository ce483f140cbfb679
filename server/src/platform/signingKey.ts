// The key of the server that signs resume addresses, cookies and checkpoints of the audit log: <data>/signing.key, made by the
// first start. Lost, open addresses stop working and everybody signs in again.
import { randomBytes } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readKeyFile } from "./keyFile.ts";

export function readSigningKey(dataDir: string): Buffer {
  const file = join(dataDir, "signing.key");
  if (!existsSync(file))
    writeFileSync(file, randomBytes(32).toString("base64url"), { mode: 0o600, flag: "wx" });
  return Buffer.from(readKeyFile(file).trim(), "base64url");
}
