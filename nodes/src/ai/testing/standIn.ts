// A local server that speaks the chat completions of OpenAI as their API describes them, for tests: the same paths,
// the same forms of replies and errors, and the ways in which real servers fail.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { isObject, type Json, type JsonObject } from "@auraos/kernel";

export type Seen = { path: string; headers: IncomingMessage["headers"]; body: JsonObject };
export type Reply = (response: ServerResponse, seen: Seen) => void;

export type StandIn = {
  url: string;
  /** Requests since the last `play`. */
  seen: Seen[];
  /** Answers in turn; the last one repeats. */
  play(...replies: Reply[]): void;
  close(): void;
};

export async function startStandIn(): Promise<StandIn> {
  const seen: Seen[] = [];
  let replies: Reply[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const one = {
      path: request.url ?? "",
      headers: request.headers,
      body: text === "" ? {} : JSON.parse(text),
    };
    seen.push(one);
    const wrong = wrongRequest(request, one.body);
    if (wrong) return wrong(response, one);
    (replies.length > 1 ? replies.shift() : replies[0])?.(response, one);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    seen,
    play: (...next) => {
      replies = next;
      seen.length = 0;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** What the service checks before any model is asked. */
function wrongRequest(request: IncomingMessage, body: JsonObject): Reply | undefined {
  if (request.method !== "POST" || request.url !== "/v1/chat/completions")
    return refuse(404, {
      message: `Invalid URL (${request.method} ${request.url})`,
      type: "invalid_request_error",
    });
  if (typeof body.model !== "string" || !Array.isArray(body.messages) || body.messages.length === 0)
    return refuse(400, { message: "you must provide a model and messages", type: "invalid_request_error" });
  const open = new Set<Json>();
  for (const message of body.messages) {
    if (!isObject(message)) return refuse(400, { message: "messages must be objects" });
    if (Array.isArray(message.tool_calls))
      for (const call of message.tool_calls) if (isObject(call)) open.add(call.id as Json);
    if (message.role === "tool" && !open.delete(message.tool_call_id as Json))
      return refuse(400, {
        message: "messages with role 'tool' must be a response to a preceding tool call",
      });
  }
  if (open.size > 0) return refuse(400, { message: "tool_calls must be followed by tool messages" });
  return undefined;
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  return (response) =>
    void response
      .writeHead(status, { "content-type": "application/json", "x-request-id": "req_1", ...headers })
      .end(typeof body === "string" ? body : JSON.stringify(body));
}

export function refuse(status: number, error: unknown, headers: Record<string, string> = {}): Reply {
  return json(status, { error }, headers);
}

type Choice = { message?: JsonObject; finish_reason?: string; usage?: JsonObject | null };

export function completion({ message = {}, finish_reason = "stop", usage }: Choice): Reply {
  return (response, seen) =>
    json(200, {
      id: "chatcmpl-1",
      object: "chat.completion",
      created: 1_767_225_600,
      model: `${seen.body.model}-2025-01-01`,
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: null, refusal: null, annotations: [], ...message },
          logprobs: null,
          finish_reason,
        },
      ],
      ...(usage === null
        ? {}
        : { usage: usage ?? { prompt_tokens: 20, completion_tokens: 5, total_tokens: 25 } }),
      service_tier: "default",
      system_fingerprint: "fp_1",
    })(response, seen);
}

export const says = (content: string, more: Choice = {}): Reply =>
  completion({ message: { content }, ...more });

export const calls = (...tools: [name: string, args: unknown][]): Reply =>
  completion({
    finish_reason: "tool_calls",
    message: {
      content: null,
      tool_calls: tools.map(([name, args], index) => ({
        id: `call_${name}_${index}`,
        type: "function",
        function: { name, arguments: typeof args === "string" ? args : JSON.stringify(args) },
      })),
    },
  });

/** Never answers. */
export const hang: Reply = () => {};

/** Promises more than it sends, then breaks off. */
export const truncated: Reply = (response) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
  response.write('{"id":"chatcmpl-1","choices":[{"mess');
  setTimeout(() => response.destroy(), 5);
};
