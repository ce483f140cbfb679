// The address of the PostgreSQL that an AuraOS runs in a data folder, for a command beside it.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readPidFile } from "./postmaster.ts";
import { databaseUrl } from "./startDatabase.ts";

export function runningDatabaseUrl(dataDir: string, database = "auraos"): string | undefined {
  const password = join(dataDir, "postgres.password");
  if (!existsSync(password)) return undefined;
  const location = join(dataDir, "postgres.location");
  const parent = existsSync(location) ? readFileSync(location, "utf8").trim() : dataDir;
  const file = readPidFile(join(parent, "postgres"));
  if (file?.status !== "ready") return undefined;
  return databaseUrl(file.socketFolder, readFileSync(password, "utf8").trim(), database);
}
