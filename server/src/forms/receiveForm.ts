// /forms/<path>: GET shows the form, POST takes what was sent. It thanks only after the execution is durable, and a
// page that is sent twice (a second click, a reload) is one submission.
import { randomBytes, randomUUID } from "node:crypto";
import type { FileRef, Item, JsonObject } from "@auraos/kernel";
import type { Express, Request, Response } from "express";
import { dayOf } from "../blobs/blobs.types.ts";
import type { Deps } from "../deps.ts";
import { startExecution, startKey } from "../executions/startExecution.ts";
import { contentType, readBody } from "../platform/body.ts";
import { asRefusal, refuse } from "../platform/errors.ts";
import { findForm, type PublishedForm, readMultipart } from "../webhooks/forms.ts";
import type { Form } from "./form.types.ts";
import { formPage, sorryPage, thanksPage } from "./formPage.ts";
import { formTexts, languageOf } from "./formTexts.ts";
import { readSubmission } from "./readSubmission.ts";

export const formEndpoint = { method: "all", path: "/forms/*path", action: "hook.receive" } as const;

export function mountForms(app: Express, deps: Deps): void {
  const answer = async (request: Request, response: Response): Promise<void> => {
    const startedAt = performance.now();
    try {
      await receiveForm(deps, request, response);
    } catch (error) {
      sorry(deps, request, response, error);
    }
    deps.metrics.request("/forms", response.statusCode, performance.now() - startedAt);
  };
  app.all(formEndpoint.path, Object.assign(answer, { endpoint: formEndpoint }));
}

async function receiveForm(deps: Deps, request: Request, response: Response): Promise<void> {
  const [whole = "", search = ""] = request.originalUrl.split("?", 2);
  const path = whole.replace(/\/+$/, "");
  const found = findForm<Form>(deps.hooks, path);
  if (!found) throw refuse(404, "FORM_UNKNOWN", "There is no such form.", "Check the address.");
  const { form } = found;
  const language = languageOf(form.language, request.headers["accept-language"]);
  const nonce = randomBytes(16).toString("base64");
  if (request.method === "GET" || request.method === "HEAD") {
    const isSent = new URLSearchParams(search).has("sent");
    const html = isSent
      ? thanksPage({ form, language, nonce, again: path })
      : formPage({ form, language, nonce, submission: randomUUID() });
    return sendHtml(response, 200, html, nonce);
  }
  if (request.method !== "POST")
    throw refuse(405, "METHOD_NOT_ALLOWED", "A form is shown and sent.", "Use GET or POST.", {
      headers: { allow: "GET, POST" },
    });
  const sent = await readSent(deps, request, found);
  const { data, errors } = readSubmission(form, sent, formTexts(language));
  if (errors.size > 0) {
    const shown = { form, language, nonce, values: sent.body, errors, submission: randomUUID() };
    return sendHtml(response, 422, formPage(shown), nonce);
  }
  await start(deps, found, path, {
    data,
    files: sent.files,
    submission: String(sent.body._submission ?? ""),
  });
  response
    .writeHead(303, { location: `${path}?sent=1`, "cache-control": "no-store", "content-length": "0" })
    .end();
}

async function readSent(
  deps: Deps,
  request: Request,
  { hook }: PublishedForm<Form>,
): Promise<{ body: JsonObject; files: Record<string, FileRef> }> {
  const type = contentType(request);
  const bytes = await readBody(request, deps.settings.webhookBytesMax);
  if (type === "application/x-www-form-urlencoded")
    return { body: Object.fromEntries(new URLSearchParams(bytes.toString())), files: {} };
  if (type !== "multipart/form-data")
    throw refuse(415, "CONTENT_TYPE", "This is not what a form sends.", "Send it as multipart/form-data.");
  const store = deps.blobs.forExecution({
    orgId: hook.orgId,
    executionId: "forms",
    day: dayOf(deps.nowMs()),
  });
  return readMultipart(bytes, request.headers["content-type"] ?? "", (file, about) => store.put(file, about));
}

async function start(
  deps: Deps,
  { hook }: PublishedForm<Form>,
  path: string,
  given: { data: JsonObject; files: Record<string, FileRef>; submission: string },
): Promise<void> {
  const { data, files, submission } = given;
  const item: Item = {
    json: { ...data, submittedAt: new Date(deps.nowMs()).toISOString() },
    ...(Object.keys(files).length === 0 ? {} : { files }),
  };
  const isId = /^[0-9a-f-]{36}$/.test(submission);
  const key = startKey(isId ? submission : undefined, `form${path}`, Buffer.alloc(0));
  await startExecution(deps, {
    ...{ orgId: hook.orgId, envId: hook.envId, workflowId: hook.workflowId, workflowName: hook.workflowName },
    ...{ versionId: hook.versionId, mode: "production", trigger: hook.node, items: [item] },
    ...(key === undefined ? {} : { key }),
    actor: "form",
    cause: `form ${path}`,
  });
}

function sorry(deps: Deps, request: Request, response: Response, error: unknown): void {
  const refusal = asRefusal(error);
  if (!refusal || refusal.status >= 500) deps.log("error", "a form failed", { error });
  if (response.headersSent) return void response.destroy();
  const nonce = randomBytes(16).toString("base64");
  const language = languageOf("auto", request.headers["accept-language"]);
  const kind = refusal?.code === "FORM_UNKNOWN" ? "unknown" : "failed";
  // What went wrong inside is for the log; what the sender can change is for the sender.
  const detail = refusal && refusal.status < 500 && kind === "failed" ? refusal.message : undefined;
  const html = sorryPage({ language, nonce, kind, ...(detail === undefined ? {} : { detail }) });
  sendHtml(response, refusal?.status ?? 500, html, nonce, refusal?.headers);
}

function sendHtml(
  response: Response,
  status: number,
  html: string,
  nonce: string,
  headers: Record<string, string> = {},
): void {
  response
    .writeHead(status, {
      "content-type": "text/html; charset=utf-8",
      "content-length": Buffer.byteLength(html),
      "content-security-policy": `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
      ...headers,
    })
    .end(html);
}
