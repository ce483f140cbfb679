// Where the cluster of a data folder lives: inside it, except when the database account cannot get there
// (we are root and a parent folder is closed to others). Then it is kept under /var/lib/auraos/<hash of the path>.
//
// Invariant: a cluster once made is never silently replaced by a new, empty one. The choice is written down in
// `postgres.location`, and a cluster that should be there and is not is an error for a person to look at.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Account, giveTo } from "./account.ts";
import { DatabaseError } from "./databaseError.ts";
import { SYSTEM_FOLDER } from "./programs.ts";

export type Place = {
  /** The folder that holds the cluster and what belongs to it; the data folder itself unless it is closed. */
  parent: string;
  cluster: string;
  /** False until initdb has made it. */
  exists: boolean;
  isOutside: boolean;
};

const NAME = "postgres";

export function clusterPlace(dataDir: string, account: Account, log: (message: string) => void): Place {
  const inside: Place = { ...placeIn(dataDir), isOutside: false };
  const noted = readLocation(dataDir);

  if (inside.exists) {
    if (!canEnter(account, dataDir)) throw closed(dataDir, account);
    return inside;
  }
  if (noted !== undefined) {
    const place = { ...placeIn(noted), isOutside: true };
    if (place.exists) return place;
    throw new DatabaseError(
      "DATABASE_CLUSTER_LOST",
      `The database of ${dataDir} was kept in ${place.cluster}, which is gone. Restore it from a backup; to begin ` +
        `with an empty database instead, delete ${join(dataDir, "postgres.location")}.`,
      { cluster: place.cluster },
    );
  }
  if (canEnter(account, dataDir)) return inside;
  return outside(dataDir, account, log);
}

/** To be called once the cluster is there, so that later starts look nowhere else. */
export function noteLocation(dataDir: string, place: Place): void {
  if (!place.isOutside) return;
  writeFileSync(join(place.parent, "belongs-to"), `${dataDir}\n`);
  writeFileSync(join(dataDir, "postgres.location"), `${place.parent}\n`, { mode: 0o644 });
}

/** A folder for the Unix socket: beside the cluster, or a short one where the path would not fit into an address. */
export function socketFolder(place: Place, account: Account): string {
  const beside = join(place.parent, `${NAME}.socket`);
  const bytesMax = process.platform === "darwin" ? 103 : 107;
  const fits = Buffer.byteLength(join(beside, ".s.PGSQL.5432.lock")) <= bytesMax;
  const folder = fits ? beside : join(tmpdir(), `auraos-${shortHash(place.cluster)}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  giveTo(account, folder);
  const found = lstatSync(folder);
  const owner = account?.uid ?? process.getuid?.();
  // In a folder that everybody may write to, somebody else could have been there first.
  if (!found.isDirectory() || found.uid !== owner) {
    throw new DatabaseError("DATABASE_FOLDER_UNREACHABLE", `${folder} belongs to somebody else; remove it.`);
  }
  chmodSync(folder, 0o700);
  return folder;
}

function outside(dataDir: string, account: Account, log: (message: string) => void): Place {
  const parent = join(SYSTEM_FOLDER, shortHash(dataDir));
  mkdirSync(SYSTEM_FOLDER, { recursive: true, mode: 0o755 });
  mkdirSync(parent, { recursive: true, mode: 0o711 });
  chmodSync(parent, 0o711);
  if (!canEnter(account, parent)) throw closed(parent, account);
  log(`user "${account?.name}" cannot enter ${dataDir}; the database is kept in ${parent}`);

  const place = placeIn(parent);
  // The data folder was deleted and made anew: its old database has lost its password. Kept, but out of the way.
  const isAbandoned = place.exists && !existsSync(join(dataDir, "postgres.password"));
  if (!isAbandoned) return { ...place, isOutside: true };
  const aside = `${place.cluster}.abandoned-${new Date().toISOString().replaceAll(":", "")}`;
  renameSync(place.cluster, aside);
  log(`an older database of this folder, whose password is gone, was moved to ${aside}`);
  return { ...place, exists: false, isOutside: true };
}

function placeIn(parent: string): Omit<Place, "isOutside"> {
  const cluster = join(parent, NAME);
  return { parent, cluster, exists: existsSync(join(cluster, "PG_VERSION")) };
}

function readLocation(dataDir: string): string | undefined {
  const file = join(dataDir, "postgres.location");
  return existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
}

/** Asks the operating system, as the account: mode bits alone do not know of access lists and mounts. */
function canEnter(account: Account, folder: string): boolean {
  if (!account) return true;
  const answer = spawnSync("/bin/sh", ["-c", 'cd -- "$1"', "sh", folder], {
    uid: account.uid,
    gid: account.gid,
    cwd: "/",
    stdio: "ignore",
  });
  return answer.status === 0;
}

function closed(folder: string, account: Account): DatabaseError {
  return new DatabaseError(
    "DATABASE_FOLDER_UNREACHABLE",
    `The database in ${folder} runs as user "${account?.name}", who cannot enter that folder any more. ` +
      `Let others pass through it and its parents (chmod o+x).`,
    { folder },
  );
}

function shortHash(path: string): string {
  return createHash("sha256").update(path).digest("hex").slice(0, 16);
}
