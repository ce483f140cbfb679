// What a failed call of a model means.
//
//   401                           AI_KEY_INVALID   auth         no retry
//   403                           AI_FORBIDDEN     auth         no retry
//   404                           AI_NOT_FOUND     client       no retry
//   429, quota used up            AI_QUOTA         limit        no retry
//   429                           AI_RATE_LIMITED  rateLimited  retry, not before what the server asks for
//   4xx, longer than the context  AI_TOO_LONG      limit        no retry
//   4xx, content filter           AI_REFUSED       data         no retry
//   other 3xx and 4xx             AI_HTTP_<status> client       no retry
//   408, 5xx                      AI_SERVER        server       retry
//   reply not understood          AI_MALFORMED     data         retry
//   network and time              as the HTTP client says
import { type Failure, isObject, type Json } from "@auraos/kernel";
import { ActivityError } from "../defineNode.ts";
import { readRetryAfter } from "../http/failure.ts";
import type { ModelConfig } from "./modelFields.ts";

const excerptMax = 300;

export function statusFailure(thrown: StatusError, config: ModelConfig, nowMs: number): ActivityError {
  const { status } = thrown;
  const said = sayingOf(thrown.error);
  const failure = known(thrown, config, said);
  const retryAfterMs = waitOf(thrown.headers, nowMs);
  const isTemporary = failure.retryable === true;
  return new ActivityError({
    ...failure,
    ...(isTemporary && retryAfterMs !== undefined ? { retryAfterMs } : {}),
    certainty: failure.class === "server" ? "unknown" : "notDone",
    detail: { status, ...(thrown.code ? { code: thrown.code } : {}) },
  });
}

/** How the client throws a status; told by its shape, because the client itself is loaded late. */
export type StatusError = {
  status: number;
  error?: unknown;
  code?: string | null;
  type?: string | null;
  headers?: Headers;
};

export function isStatusError(error: unknown): error is StatusError {
  return error instanceof Error && "status" in error && typeof error.status === "number";
}

function known(thrown: StatusError, { baseUrl, model }: ModelConfig, said: string): Failure {
  const { status, code } = thrown;
  const host = new URL(baseUrl).host;
  const answered = `${host} answered ${status}${said === "" ? "" : `: ${said}`}`;
  if (status === 401) {
    // The text of the server is left out: services repeat parts of the key in it.
    return {
      code: "AI_KEY_INVALID",
      class: "auth",
      message: `${host} did not accept the key.`,
      remedy: "Check apiKey: is it complete, still valid, and a key of this service?",
      field: "apiKey",
    };
  }
  if (status === 403) {
    return {
      code: "AI_FORBIDDEN",
      class: "auth",
      message: answered,
      remedy: `The key may not do this. Check what it may use; the model is "${model}".`,
    };
  }
  if (status === 404) {
    return {
      code: "AI_NOT_FOUND",
      class: "client",
      message: answered,
      remedy: `Check model ("${model}") and baseUrl, which usually ends in /v1.`,
      field: code === "model_not_found" ? "model" : "baseUrl",
    };
  }
  if (status === 429 && code === "insufficient_quota") {
    return {
      code: "AI_QUOTA",
      class: "limit",
      message: answered,
      remedy: "The account has no money or quota left; another attempt does not help before that changes.",
    };
  }
  if (status === 429) {
    return {
      code: "AI_RATE_LIMITED",
      class: "rateLimited",
      message: answered,
      remedy: "Let the node retry, run fewer items at once, or ask the service for a higher limit.",
      retryable: true,
    };
  }
  if (status === 408 || status >= 500) {
    return {
      code: "AI_SERVER",
      class: "server",
      message: answered,
      remedy: "The server has trouble; another attempt may help.",
      retryable: true,
    };
  }
  if (isTooLong(thrown, said)) return tooLong(answered);
  if (code === "content_filter" || code === "content_policy_violation") return refused(answered);
  return {
    code: `AI_HTTP_${status}`,
    class: "client",
    message: answered,
    remedy: "The server did not take the request; its words say why. Check the settings of the node.",
  };
}

/**
 * OpenAI and llama.cpp have a code for it; vLLM and others have only this sentence, which all of them copied, so the
 * text decides where no code does.
 */
function isTooLong({ status, code, type }: StatusError, said: string): boolean {
  return (
    code === "context_length_exceeded" ||
    type === "exceed_context_size_error" ||
    status === 413 ||
    (status === 400 && !code && /maximum context length/i.test(said))
  );
}

function tooLong(message: string): Failure {
  return {
    code: "AI_TOO_LONG",
    class: "limit",
    message,
    remedy:
      "The text is longer than the model can read. Shorten it, summarise it first, or use a model with a longer context.",
  };
}

function refused(message: string): Failure {
  return {
    code: "AI_REFUSED",
    class: "data",
    message,
    remedy: "Look at the text and the instructions, or lead this item to a person with an error branch.",
  };
}

export function refusal(why: string): ActivityError {
  const said = shorten(why);
  return new ActivityError({
    ...refused(said === "" ? "The model refused to answer." : `The model refused to answer: ${said}`),
    certainty: "notDone",
  });
}

/** An answer that ends in the middle is no answer where a whole one is needed. */
export function cutOff(config: ModelConfig): ActivityError {
  const bound = config.maxTokens === undefined ? "" : ` (maxTokens is ${config.maxTokens})`;
  return new ActivityError({
    code: "AI_CUT_OFF",
    class: "limit",
    message: `The answer of the model was cut off${bound}.`,
    remedy: "Raise maxTokens, or ask for less; models that think first need room for that too.",
    certainty: "notDone",
    field: "maxTokens",
  });
}

export function malformedReply(why: string, reply?: unknown): ActivityError {
  const said = isObject(reply) ? sayingOf(reply.error) : typeof reply === "string" ? shorten(reply) : "";
  return new ActivityError({
    code: "AI_MALFORMED",
    class: "data",
    message: `The server's reply is no chat completion: ${why}`,
    remedy: "Check that baseUrl leads to a server that speaks the chat completions of OpenAI.",
    retryable: true,
    certainty: "unknown",
    ...(said === "" ? {} : { detail: { reply: said } }),
  });
}

/** The failure, with what was spent before it. */
export function withDetail(error: ActivityError, more: Record<string, Json>): ActivityError {
  const { detail } = error.failure;
  const there = isObject(detail) ? detail : detail === undefined ? {} : { detail };
  return new ActivityError({ ...error.failure, detail: { ...there, ...more } as Json });
}

function waitOf(headers: Headers | undefined, nowMs: number): number | undefined {
  const exact = Number(headers?.get("retry-after-ms") ?? Number.NaN);
  if (Number.isFinite(exact) && exact >= 0) return Math.ceil(exact);
  return readRetryAfter(headers?.get("retry-after") ?? undefined, nowMs);
}

function sayingOf(error: unknown): string {
  if (typeof error === "string") return shorten(error);
  return isObject(error) && typeof error.message === "string" ? shorten(error.message) : "";
}

export function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > excerptMax ? `${line.slice(0, excerptMax)}...` : line;
}
