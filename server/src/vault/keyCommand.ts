// Root keys from a program of the operator's, such as the client of a key service: what it prints is the text that
// AURAOS_VAULT_KEY would hold. It is started without a shell, once, before anything else; what it says is kept in memory and
// appears in no message, neither on its standard output nor on its standard error.
import { spawnSync } from "node:child_process";

const COMMAND_WITHIN_MS = 30_000;
const OUTPUT_BYTES_MAX = 65_536;

/** Throws in words; `withinMs`: tests wait less. */
export function runKeyCommand(command: readonly string[], withinMs: number = COMMAND_WITHIN_MS): string {
  const [program = "", ...args] = command;
  const { error, status, signal, stdout } = spawnSync(program, args, {
    shell: false,
    timeout: withinMs,
    killSignal: "SIGKILL",
    maxBuffer: OUTPUT_BYTES_MAX,
    stdio: ["ignore", "pipe", "ignore"],
    env: environmentOf(process.env),
    encoding: "utf8",
  });
  const trouble = troubleOf(error as NodeJS.ErrnoException | undefined, status, signal, withinMs);
  if (trouble !== undefined)
    throw new Error(
      `AURAOS_VAULT_KEY_COMMAND: ${program} ${trouble}. Run it by hand as the account of the server, to see what it says.`,
    );
  return stdout;
}

function troubleOf(
  error: NodeJS.ErrnoException | undefined,
  status: number | null,
  signal: NodeJS.Signals | null,
  withinMs: number,
): string | undefined {
  if (error?.code === "ENOENT") return "is not there";
  if (error?.code === "EACCES") return "may not be started";
  if (error?.code === "ETIMEDOUT") return `gave no key within ${withinMs / 1000} s`;
  if (error?.code === "ENOBUFS") return `printed more than ${OUTPUT_BYTES_MAX} bytes`;
  if (error !== undefined) return `could not be started (${error.code ?? error.name})`;
  if (status === 0) return undefined;
  return status === null ? `was ended by ${signal}` : `ended with exit code ${status}`;
}

/** What the client of a key service wants (path, home, its own credentials), without the secrets of this server. */
function environmentOf(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !name.startsWith("AURAOS_") && name !== "DATABASE_URL"),
  );
}
