// A request to /hooks/resume/<token>: answers one wait. The first answer counts; closed = 410, unknown = 404.
// GET changes nothing, because mail programs follow links by themselves: it shows a page whose button sends POST.

import type { Json } from "@auraos/kernel";
import type { Request, Response } from "express";
import type { Deps } from "../deps.ts";
import { answerWait } from "../executions/controlExecution.ts";
import { readBody } from "../platform/body.ts";
import { refuse } from "../platform/errors.ts";
import { hookItem } from "./hookRequest.ts";

export async function resumeHook(deps: Deps, request: Request, response: Response): Promise<void> {
  const [path = "", search = ""] = request.originalUrl.split("?", 2);
  const place = deps.tokens.read(path.slice("/hooks/resume/".length).replace(/\/+$/, ""));
  if (!place)
    throw refuse(404, "RESUME_UNKNOWN", "This resume address is not known.", "Copy the whole address.");
  if (request.method === "GET" || request.method === "HEAD") return sendPage(response);
  if (request.method !== "POST" && request.method !== "PUT")
    throw refuse(405, "METHOD_NOT_ALLOWED", "Send POST to answer.", "Use POST.", {
      headers: { allow: "GET, POST, PUT" },
    });

  const bytes = await readBody(request, deps.settings.webhookBytesMax);
  const item = await hookItem(request, "/hooks/resume", search, bytes, () => {
    throw refuse(
      415,
      "CONTENT_TYPE",
      "An answer is JSON, a form or text.",
      "Send content-type: application/json.",
    );
  });
  const { body, query } = item.json as { body: Json; query: Record<string, Json> };
  const said =
    query.decision ??
    (typeof body === "object" && body !== null && !Array.isArray(body) ? body.decision : null);
  const decision = said === "approve" || said === "reject" ? said : "resume";
  await answerWait(deps, place.executionId, {
    wait: place.wait,
    decision,
    data: body ?? query,
    by: "resume address",
  });
  const text = JSON.stringify({ id: place.executionId, accepted: true });
  response
    .writeHead(200, {
      "content-type": "application/json; charset=utf-8",
      "content-length": Buffer.byteLength(text),
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
    })
    .end(text);
}

const page = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>AuraOS</title><body><h1>Continue</h1><p>Somebody, or something, waits for this answer.</p>
<form method="post"><button>Continue</button></form></body></html>`;

function sendPage(response: Response): void {
  response
    .writeHead(200, {
      "content-type": "text/html; charset=utf-8",
      "content-length": Buffer.byteLength(page),
      "content-security-policy": "default-src 'none'; form-action 'self'; frame-ancestors 'none'",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
    })
    .end(page);
}
