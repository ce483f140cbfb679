// What a caller of a webhook gets. The workflow chooses status, headers and body; it cannot break the protocol, set
// cookies of this origin, or run script in it (sandbox).
import type { ServerResponse } from "node:http";
import type { Json } from "@auraos/kernel";
import type { Settled } from "../engine/engine.types.ts";
import { refuse } from "../platform/errors.ts";

const hookHeaders = {
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
  "content-security-policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
};
const kept = new Set([
  "connection",
  "content-encoding",
  "content-length",
  "content-security-policy",
  "date",
  "keep-alive",
  "set-cookie",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "x-content-type-options",
]);

export function sendReply(response: ServerResponse, settled: Settled, executionId: string): void {
  if (settled.kind === "replied") {
    sendBody(response, settled.status, settled.body, settled.headers ?? {});
  } else if (settled.kind === "open") {
    sendAccepted(response, executionId, "running");
  } else if (settled.status === "succeeded") {
    sendBody(response, 200, settled.output ?? null, {});
  } else {
    const { failure } = settled;
    throw refuse(
      settled.status === "failed" ? 500 : 503,
      failure?.code ?? `EXECUTION_${settled.status.toUpperCase()}`,
      failure?.message ?? `The execution was ${settled.status}.`,
      failure?.remedy ?? "The execution's timeline says more.",
      { executionId },
    );
  }
}

export function sendAccepted(response: ServerResponse, id: string, status: string): void {
  const url = `/api/v1/executions/${id}`;
  const body = JSON.stringify({ id, status, url });
  write(response, 202, body, { "content-type": "application/json; charset=utf-8", location: url });
}

function sendBody(response: ServerResponse, status: number, body: Json, asked: Record<string, string>): void {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(asked)) {
    const key = name.toLowerCase();
    if (!kept.has(key) && /^[a-z0-9-]+$/.test(key) && /^[\t\x20-\x7e]*$/.test(String(value)))
      headers[key] = String(value);
  }
  const declared = headers["content-type"];
  const isText = typeof body === "string" && (declared === undefined || !/json/i.test(declared));
  headers["content-type"] ??= isText ? "text/plain; charset=utf-8" : "application/json; charset=utf-8";
  const isBare = status === 204 || status === 304;
  write(response, status, isBare ? "" : isText ? body : JSON.stringify(body), headers);
}

function write(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Record<string, string>,
): void {
  response
    .writeHead(status, { ...hookHeaders, "content-length": Buffer.byteLength(body), ...headers })
    .end(body);
}
