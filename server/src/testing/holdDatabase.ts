// A process that holds a database, for tests that kill it: `node holdDatabase.ts <data folder>`.
// Prints one line of JSON when the database is ready (or why it is not), stops it on TERM.
import { DatabaseError } from "../platform/postgres/databaseError.ts";
import { startDatabase } from "../platform/postgres/startDatabase.ts";

const dataDir = process.argv[2];
if (dataDir === undefined) throw new Error("usage: holdDatabase.ts <data folder>");

const notes: string[] = [];
const say = (answer: object) => console.log(JSON.stringify({ ...answer, notes }));
try {
  const database = await startDatabase({
    dataDir,
    log: (message) => void notes.push(message),
    settings: { fsync: "off" },
  });
  process.on("SIGTERM", () => void database.stop().then(() => process.exit(0)));
  say({ url: database.url, adopted: database.adopted, clusterDir: database.clusterDir, pid: database.pid() });
  setInterval(() => {}, 60_000);
} catch (error) {
  if (!(error instanceof DatabaseError)) throw error;
  say({ code: error.code, message: error.message, details: error.details });
  process.exitCode = 2;
}
