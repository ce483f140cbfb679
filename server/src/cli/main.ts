// The `auraos` command line. Results go to stdout, everything else to stderr. Exit codes: 0 done, 1 failed, 2 the
// request itself is wrong (unknown command, invalid workflow).
import { readSettings, SettingsError } from "../platform/settings.ts";
import { type Command, CommandError, say } from "./command.ts";

/** Loaded on demand: `validate` need not load the server. */
const commands: Record<string, () => Promise<Command>> = {
  start: async () => (await import("./start.ts")).start,
  run: async () => (await import("./run.ts")).run,
  validate: async () => (await import("./validate.ts")).validate,
  executions: async () => (await import("./executions.ts")).executions,
  schedules: async () => (await import("./schedules.ts")).schedules,
  worker: async () => (await import("./worker.ts")).worker,
  workers: async () => (await import("./workers.ts")).workers,
  export: async () => (await import("./transfer.ts")).exportWorkflow,
  import: async () => (await import("./transfer.ts")).importWorkflow,
  backup: async () => (await import("./backup.ts")).backup,
  drill: async () => (await import("./backup.ts")).drill,
  restore: async () => (await import("./restore.ts")).restore,
  audit: async () => (await import("./audit.ts")).audit,
  incident: async () => (await import("./incident.ts")).incident,
  "security-check": async () => (await import("./securityCheck.ts")).securityCheck,
  dump: async () => (await import("./dump.ts")).dump,
  load: async () => (await import("./dump.ts")).load,
  node: async () => (await import("./node.ts")).node,
  "practice-api": async () => (await import("./practiceApi.ts")).practiceApi,
};

const help = `auraos COMMAND

  start                              run the server (PORT, HOST, AURAOS_DATA, DATABASE_URL, ...)
  run FILE [options]                 run a workflow to its end, durably, and print its output
      --input FILE|JSON|-            input: a file, JSON text, or standard input
      --json                         print {id, status, output} as JSON
      --allow-host HOST[:PORT]       let this workflow reach a private address (repeatable)
  validate FILE [--json]             check a workflow
  executions list [--workflow W] [--status S] [--limit N] [--json]
  executions show ID [--json]
  executions cancel|retry ID
  schedules list [--status active|paused|ended] [--limit N] [--json]
  schedules show ID                  with its next fires
  schedules pause ID [--reason TEXT] | resume ID | trigger ID
  worker --server URL --key KEY [--label L] [--concurrency N] [--name NAME]
                                     run activities for a server, from this machine
  workers list | set N | drain ID | remove ID
  export WORKFLOW [--format json|yaml] [--version N]
  import FILE [--replace] [--draft]
  backup [--json] | backup list      take a backup now; those there are
  drill [ID] [--count N] [--fresh]   prove that a backup can be restored
  restore --from FOLDER [--to TIME] [--id ID] [--exact] [--key FILE] [--list] | restore --release
                                     a data folder (AURAOS_DATA) from a backup
  audit list [--actor A] [--kind K] [--outcome O] [--object ID] [--limit N] [--json]
  audit verify                       is the log as it was written; exit code 1 when it is not
  audit export [--to FOLDER]         entries, checkpoints, and a program that checks them anywhere
  incident open TITLE [--severity low|medium|high|critical] [--note TEXT]
  incident list | show ID | note ID TEXT | report ID
  incident freeze ID [--workflow W] [--reason TEXT] | unfreeze ID
  incident revoke ID [--key ID] [--person P] [--all-keys] [--all-sessions]
  incident evidence ID [--from T] [--to T] [--out FILE] | close ID CONCLUSION
  security-check [--json]            what could be safer; exit code 1 when something is critical
  dump FILE | load FILE [--key FILE] all data in one sealed file, into an empty database of any version
  node new TYPE [--folder F]         begin a node type of your own, with its test
  node check FOLDER | test FOLDER    is it sound; run its tests
  practice-api [--port N] [--seed TEXT]
                                     a service to try workflows against

A running server of the same data folder is used when there is one.
`;

const [name = "help", ...args] = process.argv.slice(2);

try {
  if (name === "help" || name === "--help" || name === "-h") process.stdout.write(help);
  else {
    const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (!load) throw new CommandError(2, `There is no command "${name}". \`auraos help\` lists them.`);
    process.exitCode = await (await load())(args, readSettings(process.env));
  }
} catch (error) {
  process.exitCode = failed(error);
}

function failed(error: unknown): number {
  if (error instanceof CommandError) {
    say(error.message);
    return error.exitCode;
  }
  if (error instanceof SettingsError) {
    say(error.problems.join("\n"));
    return 2;
  }
  const { code } = error as { code?: string };
  if (code === "EADDRINUSE") {
    say("The port is in use by another program. Choose another one: PORT=4001 auraos start");
    return 1;
  }
  // Ours carry a code and a sentence for the operator; of anything else the stack is wanted.
  const isOurs = error instanceof Error && code !== undefined && /^[A-Z][A-Z_]+$/.test(code);
  say(
    isOurs
      ? `${code}: ${error.message}`
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error),
  );
  return 1;
}
