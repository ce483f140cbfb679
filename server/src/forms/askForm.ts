// /forms/run/<token>: a form that a running execution asks. GET shows it, POST takes what was sent and leads on to the next
// form of the same execution, if it asks one soon. It thanks only after the answer is durable; the first answer counts.
import { randomUUID } from "node:crypto";
import type { Request, Response } from "express";
import { dayOf } from "../blobs/blobs.types.ts";
import type { Deps } from "../deps.ts";
import { type AskedForm, answerForm, findAskedForm, nextForm } from "../executions/askedForms.ts";
import { startedMsOf } from "../executions/executionTime.ts";
import { refuse } from "../platform/errors.ts";
import { newNonce, readSent, seeOther, sendHtml } from "./exchange.ts";
import type { Form } from "./form.types.ts";
import { formPage, thanksPage } from "./formPage.ts";
import { formTexts, languageOf } from "./formTexts.ts";
import { readSubmission } from "./readSubmission.ts";

export const RUN_PATH = "/forms/run/";
/** How long a reader is kept for the next page: longer than a few steps, shorter than patience. */
export const NEXT_WITHIN_MS = 4_000;

export async function askForm(deps: Deps, request: Request, response: Response, path: string): Promise<void> {
  const found = await findAskedForm(deps, path.slice(RUN_PATH.length));
  if (found === undefined) throw refuse(404, "FORM_UNKNOWN", "There is no such form.", "Check the address.");
  if (found === "closed") throw closed();
  const form = found.form as unknown as Form;
  const language = languageOf(form.language, request.headers["accept-language"]);
  const nonce = newNonce();
  if (request.method === "GET" || request.method === "HEAD")
    return sendHtml(response, 200, formPage({ form, language, nonce, submission: randomUUID() }), nonce);
  if (request.method !== "POST")
    throw refuse(405, "METHOD_NOT_ALLOWED", "A form is shown and sent.", "Use GET or POST.", {
      headers: { allow: "GET, POST" },
    });
  const { orgId, executionId } = found;
  const place = { orgId, executionId, day: dayOf(startedMsOf(executionId)) };
  const sent = await readSent(deps, request, place);
  const { data, errors } = readSubmission(form, sent, formTexts(language));
  if (errors.size > 0) {
    const shown = { form, language, nonce, values: sent.body, errors, submission: randomUUID() };
    return sendHtml(response, 422, formPage(shown), nonce);
  }
  const submittedAt = new Date(deps.nowMs()).toISOString();
  await answerOnce(deps, found, { data: { ...data, submittedAt }, files: sent.files });
  const next = await nextForm(deps, { orgId, executionId, after: found.wait }, NEXT_WITHIN_MS);
  if (next !== undefined) return seeOther(response, next);
  sendHtml(response, 200, thanksPage({ form, language, nonce }), nonce);
}

async function answerOnce(
  deps: Deps,
  asked: AskedForm,
  answer: Parameters<typeof answerForm>[2],
): Promise<void> {
  try {
    await answerForm(deps, asked, answer);
  } catch (error) {
    const { code } = error as { code?: string };
    throw code === "WAIT_CLOSED" || code === "EXECUTION_CLOSED" ? closed() : error;
  }
}

function closed() {
  return refuse(
    410,
    "FORM_CLOSED",
    "This form is closed: it was answered, or its time is over.",
    "Nothing is left to do.",
  );
}
