// Finds a server for a command: the one that runs on this data folder, else one of our own for as long as the command
// takes. Both are spoken to over HTTP on the loopback, so a command has one way of doing things.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { ProblemDetails } from "@auraos/contract";
import { assemble } from "../assemble.ts";
import { createLog } from "../platform/log.ts";
import { DatabaseError } from "../platform/postgres/databaseError.ts";
import type { Settings } from "../platform/settings.ts";
import { CommandError, say } from "./command.ts";

const START_WITHIN_MS = 30_000;

export type Api = {
  /** A server that was there before us. */
  isOther: boolean;
  request(method: string, path: string, options?: RequestOptions): Promise<ApiReply>;
  /** A long answer, piece by piece. */
  stream(path: string): AsyncIterable<Uint8Array>;
  /** Server-sent events of the live stream, until `signal`. */
  events(path: string, signal: AbortSignal): AsyncIterable<{ event: string; data: unknown }>;
  close(): Promise<void>;
};

export type RequestOptions = { body?: string | Uint8Array; type?: string; headers?: Record<string, string> };
export type ApiReply = { status: number; text: string; json: unknown };

/** The server is not there (any more). */
export class Unreachable extends Error {}

export class ApiRefusal extends Error {
  readonly status: number;
  readonly details: ProblemDetails;
  constructor(details: ProblemDetails) {
    super(`${details.detail} ${details.remedy}`);
    this.name = "ApiRefusal";
    this.status = details.status;
    this.details = details;
  }
}

export async function reach(settings: Settings): Promise<Api> {
  const deadline = performance.now() + START_WITHIN_MS;
  for (;;) {
    const other = await runningServer(settings);
    if (other) return { ...client(other.url, other.key), isOther: true, close: async () => {} };
    try {
      return await ownServer(settings);
    } catch (error) {
      // Somebody starts or ends at this very moment.
      const isBusy = error instanceof DatabaseError && error.code === "DATA_DIRECTORY_IN_USE";
      if (!isBusy || performance.now() > deadline) throw error;
      await delay(200);
    }
  }
}

async function runningServer(settings: Settings): Promise<{ url: string; key: string } | undefined> {
  let note: { url: string; key: string };
  try {
    note = JSON.parse(readFileSync(join(settings.dataDir, "server.json"), "utf8")) as typeof note;
  } catch {
    return undefined;
  }
  try {
    const reply = await client(note.url, note.key).request("GET", "/health/ready");
    return reply.status === 200 ? note : undefined;
  } catch {
    return undefined;
  }
}

async function ownServer(settings: Settings): Promise<Api> {
  const quiet = settings.logLevel === "info" ? "warn" : settings.logLevel;
  const running = await assemble(
    { ...settings, host: "127.0.0.1", port: 0, drainMs: Math.min(settings.drainMs, 5_000) },
    { log: createLog(quiet) },
  );
  const interrupted = (signal: NodeJS.Signals) => {
    say("Ending; what was started is kept and goes on with the next start.");
    running.stop().finally(() => process.exit(signal === "SIGINT" ? 130 : 143));
  };
  process.once("SIGINT", interrupted).once("SIGTERM", interrupted);
  const close = async () => {
    process.off("SIGINT", interrupted).off("SIGTERM", interrupted);
    await running.stop();
  };
  return { ...client(running.url, running.deps.keys.localKey), isOther: false, close };
}

function client(url: string, key: string): Omit<Api, "isOther" | "close"> {
  const authorization = `Bearer ${key}`;
  return {
    async request(method, path, { body, type = "application/json", headers = {} } = {}) {
      const withType = body === undefined ? {} : { "content-type": type };
      let response: Response;
      let text: string;
      try {
        response = await fetch(url + path, {
          method,
          headers: { authorization, ...withType, ...headers },
          ...(body === undefined ? {} : { body }),
        });
        text = await response.text();
      } catch (error) {
        throw new Unreachable(`The server at ${url} does not answer.`, { cause: error });
      }
      const isProblem = response.headers.get("content-type")?.startsWith("application/problem+json") === true;
      if (isProblem) throw new ApiRefusal(JSON.parse(text) as ProblemDetails);
      const isJson = response.headers.get("content-type")?.startsWith("application/json") === true;
      return {
        status: response.status,
        text,
        json: isJson && text !== "" ? (JSON.parse(text) as unknown) : undefined,
      };
    },
    async *stream(path) {
      const response = await fetch(url + path, { headers: { authorization } });
      if (!response.ok || !response.body) {
        const text = await response.text();
        if (text.startsWith("{")) throw new ApiRefusal(JSON.parse(text) as ProblemDetails);
        throw new CommandError(1, `The server answered ${response.status}.`);
      }
      yield* response.body;
    },
    async *events(path, signal) {
      const response = await fetch(url + path, { headers: { authorization }, signal });
      if (!response.body) throw new CommandError(1, "The live stream does not answer.");
      let text = "";
      for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
        text += chunk;
        for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
          const lines = text.slice(0, end).split("\n");
          text = text.slice(end + 2);
          const field = (name: string) =>
            lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
          const [event, data] = [field("event"), field("data")];
          if (event !== undefined && data !== undefined) yield { event, data: JSON.parse(data) as unknown };
        }
      }
    },
  };
}
