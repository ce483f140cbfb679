// /forms/<path>: GET shows the form, POST takes what was sent. It thanks only after the execution is durable, and a
// page that is sent twice (a second click, a reload) is one submission.
import { randomUUID } from "node:crypto";
import type { FileRef, Item, JsonObject } from "@auraos/kernel";
import type { Express, Request, Response } from "express";
import { dayOf } from "../blobs/blobs.types.ts";
import type { Deps } from "../deps.ts";
import { nextForm } from "../executions/askedForms.ts";
import { startExecution, startKey } from "../executions/startExecution.ts";
import { asRefusal, refuse } from "../platform/errors.ts";
import { findForm, type PublishedForm } from "../webhooks/forms.ts";
import { FORM_TEST_PATH } from "../webhooks/testHooks.ts";
import { askForm, NEXT_WITHIN_MS, RUN_PATH } from "./askForm.ts";
import { newNonce, readSent, seeOther, sendHtml } from "./exchange.ts";
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
  if (path.startsWith(RUN_PATH)) return askForm(deps, request, response, path);
  const isTest = path.startsWith(FORM_TEST_PATH);
  const found = isTest ? testForm(deps, path) : findForm<Form>(deps.hooks, path);
  if (!found) throw refuse(404, "FORM_UNKNOWN", "There is no such form.", "Check the address.");
  const { form } = found;
  const language = languageOf(form.language, request.headers["accept-language"]);
  const nonce = newNonce();
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
  const place = { orgId: found.hook.orgId, executionId: "forms", day: dayOf(deps.nowMs()) };
  const sent = await readSent(deps, request, place);
  const { data, errors } = readSubmission(form, sent, formTexts(language));
  if (errors.size > 0) {
    const shown = { form, language, nonce, values: sent.body, errors, submission: randomUUID() };
    return sendHtml(response, 422, formPage(shown), nonce);
  }
  if (isTest && deps.testHooks.take(path, "POST") === undefined)
    throw refuse(404, "FORM_UNKNOWN", "This test is over.", "Listen again.");
  const { id } = await start(deps, found, path, {
    data,
    files: sent.files,
    submission: String(sent.body._submission ?? ""),
  });
  const next = (await asksMore(deps, found))
    ? await nextForm(deps, { orgId: found.hook.orgId, executionId: id }, NEXT_WITHIN_MS)
    : undefined;
  // The address of a test is used up: there is nothing to come back to.
  if (isTest && next === undefined)
    return sendHtml(response, 200, thanksPage({ form, language, nonce }), nonce);
  seeOther(response, next ?? `${path}?sent=1`);
}

function testForm(deps: Deps, path: string): PublishedForm<Form> | undefined {
  const hook = deps.testHooks.peek(path);
  return hook === undefined ? undefined : { hook, form: hook.options.form as unknown as Form };
}

/** Only where a form may follow is a reader kept waiting for it. */
async function asksMore(deps: Deps, { hook }: PublishedForm<Form>): Promise<boolean> {
  const found = await deps.programs.definitionOf(hook.versionId);
  return found !== undefined && JSON.stringify(found.definition.nodes).includes('"type":"form"');
}

async function start(
  deps: Deps,
  { hook }: PublishedForm<Form>,
  path: string,
  given: { data: JsonObject; files: Record<string, FileRef>; submission: string },
): Promise<{ id: string }> {
  const { data, files, submission } = given;
  const item: Item = {
    json: { ...data, submittedAt: new Date(deps.nowMs()).toISOString() },
    ...(Object.keys(files).length === 0 ? {} : { files }),
  };
  const isId = /^[0-9a-f-]{36}$/.test(submission);
  const key = startKey(isId ? submission : undefined, `form${path}`, Buffer.alloc(0));
  return startExecution(deps, {
    ...{ orgId: hook.orgId, envId: hook.envId, workflowId: hook.workflowId, workflowName: hook.workflowName },
    ...{ versionId: hook.versionId, trigger: hook.node, items: [item] },
    mode: path.startsWith(FORM_TEST_PATH) ? "test" : "production",
    ...(key === undefined ? {} : { key }),
    actor: "form",
    cause: `form ${path}`,
  });
}

function sorry(deps: Deps, request: Request, response: Response, error: unknown): void {
  const refusal = asRefusal(error);
  if (!refusal || refusal.status >= 500) deps.log("error", "a form failed", { error });
  if (response.headersSent) return void response.destroy();
  const nonce = newNonce();
  const language = languageOf("auto", request.headers["accept-language"]);
  const kind = sorryKinds[refusal?.code ?? ""] ?? "failed";
  // What went wrong inside is for the log; what the sender can change is for the sender.
  const detail = refusal && refusal.status < 500 && kind === "failed" ? refusal.message : undefined;
  const html = sorryPage({ language, nonce, kind, ...(detail === undefined ? {} : { detail }) });
  sendHtml(response, refusal?.status ?? 500, html, nonce, refusal?.headers);
}

const sorryKinds: Record<string, "unknown" | "closed"> = { FORM_UNKNOWN: "unknown", FORM_CLOSED: "closed" };
