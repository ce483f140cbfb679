// Routes: an endpoint of the contract plus what answers it. One path for every request:
//   who is asking -> parameters -> body -> handler -> answer, and one place where refusals become problem details.
// A route cannot be made without an endpoint, and an endpoint has an action: nothing answers by accident.
import { randomUUID } from "node:crypto";
import type { AnyAction, Endpoint } from "@auraos/contract";
import { isKnownAction, isOpen, isPersonal, type z } from "@auraos/contract";
import type { Express, Request, Response } from "express";
import { contentType, parseBody, readBody } from "./body.ts";
import { type Caller, may, nobody } from "./caller.ts";
import { asRefusal, notFound, problemDetailsOf, Refusal, refuse } from "./errors.ts";
import type { Log } from "./log.ts";
import { pack } from "./pack.ts";

export type { Caller } from "./caller.ts";

type Output<Schema> = Schema extends z.ZodType ? z.output<Schema> : Record<string, never>;

export type Call<E extends Endpoint> = {
  params: Output<E["params"]>;
  query: Output<E["query"]>;
  /** Checked by the endpoint's schema, except definitions and inputs, which are any JSON. */
  body: E["body"] extends { kind: "json"; schema: infer Schema extends z.ZodType }
    ? z.output<Schema>
    : E["body"] extends { kind: "bytes" }
      ? Request
      : unknown;
  /** The body as it came, for hashes. */
  bytes: Buffer;
  caller: Caller;
  header(name: string): string | undefined;
  /** Aborted when the caller goes away. */
  signal(): AbortSignal;
  response: Response;
};

export type Answer = { status?: number; headers?: Record<string, string> } & (
  | { json: unknown }
  /** JSON that is already text. */
  | { jsonText: string | Buffer }
  | { text: string; type: string }
  | { stream: AsyncIterable<Uint8Array>; type: string }
  /** The handler answers by itself. */
  | { handled: true }
  | { empty: true }
);

export type Route = {
  endpoint: Endpoint;
  handler: (call: Call<Endpoint>) => Promise<Answer> | Answer;
};

export function route<const E extends Endpoint>(
  endpoint: E,
  handler: (call: Call<E>) => Promise<Answer> | Answer,
): Route {
  return { endpoint, handler: handler as unknown as Route["handler"] };
}

/** What is known of a request so far. */
export type Seen = {
  requestId: string;
  caller?: Caller;
  body?: unknown;
  /** Of whoever watches: what `onBegin` found. */
  begun?: unknown;
};

export type Mounting = {
  authorise(request: Request, action: AnyAction): Promise<Caller> | Caller;
  log: Log;
  count(endpoint: string, status: number, durationMs: number): void;
  bodyBytesMax(endpoint: Endpoint): number;
  /** Who is asking and what for is known and nothing was done yet; then what came of it, before it is answered. */
  onBegin?(one: Route, call: Call<Endpoint>, seen: Seen): Promise<void> | void;
  onDone?(one: Route, call: Call<Endpoint>, seen: Seen, answer: Answer): Promise<void> | void;
  /** Refused or failed, wherever that was; `seen` has what was known by then. */
  onFailed?(one: Route, request: Request, seen: Seen, error: unknown): Promise<void> | void;
  /** Tests hold every answer against the contract, which lists every field; in production that would only cost time. */
  checkReplies?: boolean;
};

export function mount(app: Express, routes: readonly Route[], mounting: Mounting): void {
  for (const one of routes) {
    const { endpoint } = one;
    const label = `${endpoint.method.toUpperCase()} ${endpoint.path}`;
    if (!isKnownAction(endpoint.action)) throw new Error(`${label} has no action, so nobody may call it`);
    const answer = async (request: Request, response: Response): Promise<void> => {
      const startedAt = performance.now();
      const seen: Seen = { requestId: randomUUID() };
      try {
        const result = await handle(one, request, response, mounting, seen);
        await send(request, response, result, endpoint.status ?? 200);
      } catch (error) {
        const noting = mounting.onFailed?.(one, request, seen, error);
        if (noting) await noting;
        sendRefusal(response, error, mounting.log, label, seen.requestId);
      }
      mounting.count(label, response.statusCode, performance.now() - startedAt);
    };
    app[endpoint.method](endpoint.path, Object.assign(answer, { endpoint }));
  }
}

async function handle(
  one: Route,
  request: Request,
  response: Response,
  mounting: Mounting,
  seen: Seen,
): Promise<Answer> {
  const { endpoint } = one;
  const caller = await admit(endpoint.action, request, mounting, seen);
  const params = endpoint.params ? parse(endpoint.params, request.params, "params") : {};
  const query = endpoint.query ? parse(endpoint.query, request.query, "query") : {};
  const bytes = await bodyBytes(endpoint, request, mounting);
  const call: Call<Endpoint> = {
    params: params as Call<Endpoint>["params"],
    query: query as Call<Endpoint>["query"],
    body: bodyOf(endpoint, bytes, request) as Call<Endpoint>["body"],
    bytes,
    caller,
    header: (name) => request.get(name),
    signal: () => leaving(response),
    response,
  };
  if (endpoint.method !== "get") seen.body = call.body;
  const beginning = mounting.onBegin?.(one, call, seen);
  if (beginning) await beginning;
  const answer = await one.handler(call);
  if (mounting.checkReplies === true && "json" in answer) checkReply(endpoint, answer);
  const noting = mounting.onDone?.(one, call, seen, answer);
  if (noting) await noting;
  return answer;
}

async function admit(action: AnyAction, request: Request, mounting: Mounting, seen: Seen): Promise<Caller> {
  if (isOpen(action)) return nobody;
  const caller = await mounting.authorise(request, action);
  seen.caller = caller;
  demand(caller, action);
  return caller;
}

/** Default deny: 403 unless the table gives the caller this right. */
export function demand(caller: Caller, action: AnyAction): void {
  if (isOpen(action)) return;
  if (isPersonal(action)) {
    if (action === "account.read" || caller.via === "session") return;
    throw refuse(403, "PERSON_NEEDED", "A key cannot do this; a person who signed in can.", "Sign in first.");
  }
  if (may(caller, action)) return;
  const who = caller.via === "session" ? `The role ${caller.role}` : "This key";
  throw refuse(
    403,
    "NOT_ALLOWED",
    `${who} may not do ${action}.`,
    caller.via === "session" ? "Ask an admin of the organization." : "Use a key that has this right.",
  );
}

function parse(schema: z.ZodType, value: unknown, place: "params" | "query" | "body"): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  // An id that cannot be one names nothing.
  if (place === "params") throw notFound("such thing");
  const problems = result.error.issues.map((issue) => ({
    code: place === "query" ? "QUERY_INVALID" : "FIELD_INVALID",
    message: `${issue.path.join(".") || place}: ${issue.message}`,
    remedy: "See /api/docs for what is expected.",
    path: `/${issue.path.map(String).join("/")}`,
  }));
  const what = place === "query" ? "The query is" : "The body is";
  throw refuse(
    400,
    `${place.toUpperCase()}_INVALID`,
    `${what} not as expected: ${problems[0]?.message ?? ""}`,
    "Correct what `problems` lists.",
    { problems },
  );
}

const nothing = Buffer.alloc(0);

async function bodyBytes(endpoint: Endpoint, request: Request, mounting: Mounting): Promise<Buffer> {
  if (!endpoint.body || endpoint.body.kind === "none" || endpoint.body.kind === "bytes") return nothing;
  return readBody(request, mounting.bodyBytesMax(endpoint));
}

function bodyOf(endpoint: Endpoint, bytes: Buffer, request: Request): unknown {
  const { body } = endpoint;
  if (!body || body.kind === "none") return undefined;
  if (body.kind === "bytes") return request;
  const value = parseBody(bytes, contentType(request), {
    yaml: body.kind !== "json",
    strictText: body.kind !== "input",
  });
  if (value === undefined && body.optional !== true)
    throw refuse(400, "BODY_MISSING", "The request has no body.", "Send one, with its content type.");
  if (body.kind !== "json" || !body.schema) return value;
  return parse(body.schema, value ?? {}, "body");
}

function leaving(response: Response): AbortSignal {
  const controller = new AbortController();
  // Not after an ordinary end: nobody listens any more, and the error it makes cost a hundredth of a request.
  response.on("close", () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}

const baseHeaders = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
};

async function send(request: Request, response: Response, answer: Answer, success: number): Promise<void> {
  if ("handled" in answer) return;
  const status = answer.status ?? success;
  if ("empty" in answer) {
    response.writeHead(status, { ...baseHeaders, ...answer.headers }).end();
  } else if ("stream" in answer) {
    response.writeHead(status, { ...baseHeaders, "content-type": answer.type, ...answer.headers });
    for await (const chunk of answer.stream) {
      if (response.destroyed) return;
      if (!response.write(chunk))
        await new Promise<void>((resolve) => response.once("drain", resolve).once("close", resolve));
    }
    response.end();
  } else {
    const isText = "text" in answer;
    const whole = isText ? answer.text : "json" in answer ? JSON.stringify(answer.json) : answer.jsonText;
    const { body, headers } = await pack(whole, request.get("accept-encoding"));
    response
      .writeHead(status, {
        ...baseHeaders,
        "content-type": isText ? answer.type : "application/json; charset=utf-8",
        "content-length": Buffer.byteLength(body),
        ...headers,
        ...answer.headers,
      })
      .end(body);
  }
}

/** The one place where anything thrown becomes an answer. */
export function sendRefusal(
  response: Response,
  error: unknown,
  log: Log,
  label: string,
  requestId: string = randomUUID(),
): void {
  const refusal = asRefusal(error) ?? unforeseen();
  if (refusal.status >= 500) log("error", "request failed", { requestId, request: label, error });
  else log("debug", "request refused", { requestId, request: label, code: refusal.code });
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = JSON.stringify(problemDetailsOf(refusal, requestId));
  response
    .writeHead(refusal.status, {
      ...baseHeaders,
      "content-type": "application/problem+json; charset=utf-8",
      "content-length": Buffer.byteLength(body),
      ...refusal.headers,
    })
    .end(body);
}

function unforeseen(): Refusal {
  return new Refusal({
    status: 500,
    code: "INTERNAL",
    message: "Something went wrong that nobody foresaw.",
    remedy: "The log has the details under this requestId.",
  });
}

function checkReply(endpoint: Endpoint, answer: Answer & { json: unknown }): void {
  if (!endpoint.reply) throw new Error(`${endpoint.path} answers JSON that its contract does not mention`);
  // What the caller will read, not what stands in memory.
  const read: unknown = JSON.parse(JSON.stringify(answer.json));
  const result = endpoint.reply.safeParse(read);
  const label = `${endpoint.method} ${endpoint.path}`;
  if (!result.success) throw new Error(`${label} breaks its contract: ${result.error.message}`);
  const unlisted = unlistedIn(read, result.data);
  if (unlisted !== undefined)
    throw new Error(`${label} answers ${unlisted}, which its contract does not list`);
}

/** Place of the first field that a schema has left out because it does not know it. */
function unlistedIn(read: unknown, known: unknown, place = ""): string | undefined {
  if (typeof read !== "object" || read === null || typeof known !== "object" || known === null)
    return undefined;
  for (const [name, value] of Object.entries(read)) {
    if (!Object.hasOwn(known, name)) return `${place}/${name}`;
    const below = unlistedIn(value, (known as Record<string, unknown>)[name], `${place}/${name}`);
    if (below !== undefined) return below;
  }
  return undefined;
}
