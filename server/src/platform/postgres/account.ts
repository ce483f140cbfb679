// PostgreSQL refuses to run as root. Started as root we run it as the system user `postgres` (made if missing,
// as the distribution's own package would); started as anybody else, as ourselves.
import { spawnSync } from "node:child_process";
import { chownSync, readFileSync } from "node:fs";
import { DatabaseError } from "./databaseError.ts";

/** Whom the database programs run as; `undefined` means "as ourselves". */
export type Account = { name: string; uid: number; gid: number } | undefined;

const ACCOUNT = "postgres";

export function databaseAccount(log: (message: string) => void): Account {
  if (process.getuid?.() !== 0) return undefined;
  const existing = find(ACCOUNT);
  if (existing) return existing;

  // useradd on most systems; adduser of busybox on the small ones.
  const attempts: [string, string[]][] = [
    ["useradd", ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT]],
    ["adduser", ["-S", "-D", "-H", "-s", "/sbin/nologin", ACCOUNT]],
  ];
  const said: string[] = [];
  for (const [command, args] of attempts) {
    const answer = spawnSync(command, args, { encoding: "utf8" });
    said.push(`${command}: ${answer.error?.message ?? answer.stderr.trim()}`);
    const made = find(ACCOUNT);
    if (!made) continue;
    log(`made the system user "${ACCOUNT}": PostgreSQL does not run as root`);
    return made;
  }
  throw new DatabaseError(
    "DATABASE_ACCOUNT_MISSING",
    `PostgreSQL does not run as root, and the system user "${ACCOUNT}" could not be made (${said.join("; ")}). ` +
      "Make that user, start AuraOS as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.",
  );
}

/** Gives a file or folder to the account; nothing to do when that is ourselves. */
export function giveTo(account: Account, path: string): void {
  if (account) chownSync(path, account.uid, account.gid);
}

function find(name: string): Account {
  for (const line of readFileSync("/etc/passwd", "utf8").split("\n")) {
    const [user, , uid, gid] = line.split(":");
    if (user === name) return { name, uid: Number(uid), gid: Number(gid) };
  }
  // Users of a directory service are not in the file.
  const answer = spawnSync("id", ["-u", name], { encoding: "utf8" });
  const group = spawnSync("id", ["-g", name], { encoding: "utf8" });
  if (answer.status !== 0 || group.status !== 0) return undefined;
  return { name, uid: Number(answer.stdout), gid: Number(group.stdout) };
}
