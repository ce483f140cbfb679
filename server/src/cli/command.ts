// What the commands share.
import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import type { Settings } from "../platform/settings.ts";

/** Gives the exit code. */
export type Command = (args: string[], settings: Settings) => Promise<number>;

export class CommandError extends Error {
  readonly exitCode: number;
  constructor(exitCode: number, message: string) {
    super(message);
    this.name = "CommandError";
    this.exitCode = exitCode;
  }
}

/** For people; stdout stays for results. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

export function print(text: string): void {
  process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, process.stdout.isTTY ? 2 : undefined));
}

export function readArgs<const Options extends ParseArgsOptionsConfig>(args: string[], options: Options) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new CommandError(2, `${(error as Error).message} \`auraos help\` shows what is possible.`);
  }
}
