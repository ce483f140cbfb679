// How one endpoint is written down, and the few things every endpoint needs.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { PracticeState } from "./state.ts";

export type Route = {
  /** `ANY` for every method. */
  method: "ANY" | "GET" | "POST" | "DELETE";
  /** With `:name` for a part that varies. */
  path: string;
  /** One line in the index. */
  about: string;
  /** To try it by hand. */
  example?: string;
  handle: (call: Call) => void | Promise<void>;
};

export type Call = {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  params: Record<string, string>;
  state: PracticeState;
};

const bodyBytesMax = 20_000_000;

export class PracticeRefusal extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export function sendJson(
  call: Call,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const bytes = Buffer.from(`${JSON.stringify(body)}\n`);
  call.response.writeHead(status, {
    "content-type": "application/json",
    "content-length": bytes.length,
    ...headers,
  });
  call.response.end(call.request.method === "HEAD" ? undefined : bytes);
}

export function sendError(
  call: Call,
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): void {
  sendJson(call, status, { error: { code, message } }, headers);
}

/** Whole number from the query, or `fallback`, within 0 and `max`. */
export function numberFrom(call: Call, name: string, fallback: number, max: number): number {
  return whole(call.url.searchParams.get(name), name, fallback, max);
}

export function numberParam(call: Call, name: string, max: number): number {
  return whole(call.params[name] ?? null, name, 0, max);
}

/** Separates callers: each key has its own counters. */
export function keyOf(call: Call): string {
  return call.url.searchParams.get("key") ?? "";
}

export async function readBody(call: Call): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of call.request) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    if (bytes > bodyBytesMax)
      throw new PracticeRefusal(413, "TOO_LARGE", `A body has at most ${bodyBytesMax} bytes here.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export async function readJsonObject(call: Call): Promise<Record<string, unknown>> {
  const text = (await readBody(call)).toString();
  let body: unknown;
  try {
    body = text === "" ? {} : JSON.parse(text);
  } catch {
    throw new PracticeRefusal(400, "NOT_JSON", "The body is not JSON.");
  }
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new PracticeRefusal(400, "NOT_AN_OBJECT", "The body must be a JSON object.");
  }
  return { ...body };
}

/** Waits, but not for callers who have gone. */
export function pause(call: Call, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    call.response.once("close", done);
    function done(): void {
      clearTimeout(timer);
      call.response.off("close", done);
      resolve();
    }
  });
}

function whole(text: string | null, name: string, fallback: number, max: number): number {
  if (text === null || text === "") return fallback;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= max) return value;
  throw new PracticeRefusal(400, "BAD_NUMBER", `${name} must be a whole number from 0 to ${max}.`);
}
