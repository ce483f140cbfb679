// Root keys: what wraps the keys of organizations. They are not in the database, so that a copy of it opens nothing.
// From AURAOS_VAULT_KEY (base64 of 32 bytes; several with commas, the current one first), from what the program of
// AURAOS_VAULT_KEY_COMMAND prints (the same, or one a line), else from <data>/vault.keys (one a line, the current one first;
// mode 0600), which the first start makes. A file that others can read is refused: see platform/keyFile.ts.
import { hash, randomBytes } from "node:crypto";
import { existsSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readKeyFile } from "../platform/keyFile.ts";
import { runKeyCommand } from "./keyCommand.ts";

const KEY_BYTES = 32;

export type RootKeys = {
  current: { id: string; key: Buffer };
  find(id: string): Buffer | undefined;
};

/** `ids`: of all that are here, the current one first. */
export type KeyRing = RootKeys & { ids: string[] };

/** `command`: a program with its arguments. */
export function readRootKeys(
  dataDir: string,
  given: string | undefined,
  command?: readonly string[],
): KeyRing {
  const file = join(dataDir, "vault.keys");
  return readKeys({ file, given, command, variable: "AURAOS_VAULT_KEY", make: true });
}

/** Keys from a variable or a program, else from a file. `make`: a missing file is made, with a new key. */
export function readKeys(from: {
  file: string;
  given: string | undefined;
  command?: readonly string[] | undefined;
  variable: string;
  make: boolean;
}): KeyRing {
  const { file, given, command, variable, make } = from;
  if (given === undefined && command !== undefined)
    return fromTexts(partsOf(runKeyCommand(command)), "What the program of AURAOS_VAULT_KEY_COMMAND prints");
  const source = given === undefined ? file : variable;
  if (given === undefined && !existsSync(file)) {
    if (!make) throw new Error(`There is no ${file}, and ${variable} is not set.`);
    write(file, randomBytes(KEY_BYTES).toString("base64"));
  }
  return fromTexts(partsOf(given ?? readKeyFile(file)), source);
}

function partsOf(text: string): string[] {
  return text
    .split(/[,\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function fromTexts(texts: readonly string[], source: string): KeyRing {
  const keys = texts.map((text) => {
    const key = Buffer.from(text, "base64");
    if (key.length !== KEY_BYTES || key.toString("base64").replace(/=+$/, "") !== text.replace(/=+$/, ""))
      throw new Error(`${source} has something that is not the base64 text of ${KEY_BYTES} bytes.`);
    return { id: hash("sha256", key, "hex").slice(0, 16), key };
  });
  const [current] = keys;
  if (!current) throw new Error(`${source} has no key.`);
  const byId = new Map(keys.map(({ id, key }) => [id, key]));
  return { current, ids: [...byId.keys()], find: (id) => byId.get(id) };
}

/** Whole or not at all: half a key file would lock everything away. */
function write(file: string, line: string): void {
  const draft = `${file}.draft`;
  writeFileSync(draft, `${line}\n`, { mode: 0o600 });
  renameSync(draft, file);
}
