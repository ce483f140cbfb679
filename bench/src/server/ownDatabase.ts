// The embedded PostgreSQL of a server that is measured, as its owner: to fill it, and to read what no address tells.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";

/** Not connected yet; `dataDir` is the data folder of the server. */
export function ownDatabase(dataDir: string): pg.Client {
  return new pg.Client({
    host: join(dataDir, "postgres.socket"),
    user: "postgres",
    password: readFileSync(join(dataDir, "postgres.password"), "utf8").trim(),
    database: "auraos",
  });
}
