// A request to /hooks/resume/<token>: answers one wait. The first answer counts; closed = 410, unknown = 404.
// GET changes nothing, because mail programs follow links by themselves: it shows a page whose buttons send POST. A browser
// is answered with pages, every other caller with JSON.
import type { Json } from "@auraos/kernel";
import type { Request, Response } from "express";
import type { Deps } from "../deps.ts";
import { findAskedWait } from "../executions/askedWait.ts";
import { answerWait } from "../executions/controlExecution.ts";
import type { PageLooks } from "../forms/document.ts";
import { newNonce, sendHtml } from "../forms/exchange.ts";
import { languageOf } from "../forms/formTexts.ts";
import { readBody } from "../platform/body.ts";
import { Refusal, refuse } from "../platform/errors.ts";
import { ownUrl } from "../platform/ownUrl.ts";
import { hookItem } from "./hookRequest.ts";
import { askPage, type Decision, saidPage } from "./resumePage.ts";

export async function resumeHook(deps: Deps, request: Request, response: Response): Promise<void> {
  const isRead = request.method === "GET" || request.method === "HEAD";
  const isPerson = isRead || /\btext\/html\b/.test(request.headers.accept ?? "");
  const looks = {
    language: languageOf("auto", request.headers["accept-language"]),
    nonce: newNonce(),
  };
  try {
    await answer(deps, request, response, isPerson ? looks : undefined);
  } catch (error) {
    const said = isPerson && error instanceof Refusal ? pages[error.status] : undefined;
    if (said === undefined) throw error;
    sendHtml(response, (error as Refusal).status, saidPage(said, looks), looks.nonce);
  }
}

const pages: Record<number, "unknown" | "closed" | undefined> = { 404: "unknown", 410: "closed" };

/** With `looks` a page is the answer. */
async function answer(
  deps: Deps,
  request: Request,
  response: Response,
  looks: PageLooks | undefined,
): Promise<void> {
  const [path = "", search = ""] = request.originalUrl.split("?", 2);
  const place = deps.tokens.read(path.slice("/hooks/resume/".length).replace(/\/+$/, ""));
  if (!place)
    throw refuse(404, "RESUME_UNKNOWN", "This resume address is not known.", "Copy the whole address.");
  if (looks !== undefined && (request.method === "GET" || request.method === "HEAD")) {
    const asked = await findAskedWait(deps, place);
    if (!asked)
      throw refuse(410, "WAIT_CLOSED", "This wait is closed: it was answered.", "Nothing is left to do.");
    const about = {
      decided: decisionOf(new URLSearchParams(search).get("decision")),
      appUrl: `${ownUrl(deps.settings)}/executions/${place.executionId}`,
    };
    return sendHtml(response, 200, askPage(asked, about, looks), looks.nonce);
  }
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
  await answerWait(deps, place.executionId, {
    wait: place.wait,
    decision: decisionOf(said) ?? "resume",
    data: body ?? query,
    by: "resume address",
  });
  if (looks !== undefined) return sendHtml(response, 200, saidPage("thanks", looks), looks.nonce);
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

function decisionOf(said: unknown): Decision | undefined {
  return said === "approve" || said === "reject" ? said : undefined;
}
