// The log: JSON lines, or plain lines on a terminal, always on stderr, so that stdout stays for results.
import { pino } from "pino";
import type { LogLevel } from "./settings.ts";

export type Detail = Record<string, unknown>;
export type Log = (level: "debug" | "info" | "warn" | "error", message: string, detail?: Detail) => void;

export function createLog(level: LogLevel, out: NodeJS.WriteStream = process.stderr): Log {
  if (level === "silent") return () => {};
  if (out.isTTY) return plainLog(level, out);
  const logger = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: errorText },
      redact: { paths: ["authorization", "*.authorization", "key", "*.password", "password"], censor: "***" },
    },
    // Synchronous: the last lines before an end are the ones that matter.
    { write: (line: string) => void out.write(line) },
  );
  return (at, message, detail) => logger[at](detail ?? {}, message);
}

function plainLog(level: LogLevel, out: NodeJS.WriteStream): Log {
  const order = ["debug", "info", "warn", "error"];
  const lowest = order.indexOf(level);
  return (at, message, detail) => {
    if (order.indexOf(at) < lowest) return;
    const time = new Date().toISOString().slice(11, 19);
    const more = Object.entries(detail ?? {})
      .map(
        ([name, value]) =>
          `${name}=${value instanceof Error ? indented(String(errorText(value))) : show(value)}`,
      )
      .join(" ");
    const mark = at === "info" ? "" : `${at.toUpperCase()} `;
    out.write(`${time} ${mark}${oneLine(message)}${more === "" ? "" : `  ${more}`}\n`);
  };
}

function show(value: unknown): string {
  return typeof value === "string" ? oneLine(value) : JSON.stringify(value);
}

/** What stands below an error cannot be taken for lines of its own. */
function indented(text: string): string {
  return text.replace(/[\r\n]+/g, "\n      ");
}

/** A message cannot forge a second line. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, " ");
}

function errorText(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : "";
  return `${error.stack ?? error.message}${cause}`;
}
