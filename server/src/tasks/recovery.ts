// What is done about a failure of a task: handleFailure. Pure; the first rule that fits decides, else whether another
// attempt can help and is left.
import type { Recovery, RecoveryRule, TaskRetry } from "@auraos/contract";
import { type Said, say, sayAll } from "../platform/say.ts";

export type TaskFailure = {
  code: string;
  class?: string | undefined;
  message: string;
  /** What the failure says of itself; absent = it does not know. */
  retryable?: boolean | undefined;
  retryAfterMs?: number | undefined;
};

/** What is done, and why. */
type Decision = Omit<Recovery, "reason" | "reasonParts"> & { reason: Said };

export type RecoveryPolicy = { retry?: TaskRetry | undefined; recovery: readonly RecoveryRule[] };

/** Classes of which a second try is the same mistake again. */
const lasting = new Set(["config", "auth", "validation", "expression", "notFound", "code"]);

export function handleFailure(policy: RecoveryPolicy, failure: TaskFailure, attempt: number): Decision {
  const rule = policy.recovery.find((one) => fits(one, failure));
  if (rule) {
    const because = ruleSays(rule);
    if (rule.action === "retry") return again(policy.retry ?? defaultRetry, failure, attempt, [because]);
    if (rule.action === "fallback" && rule.task !== undefined)
      return { action: "fallback", task: rule.task, reason: because };
    return { action: rule.action === "ignore" ? "ignore" : "fail", reason: because };
  }
  if (!policy.retry || policy.retry.attempts <= 1)
    return { action: "fail", reason: say("task.failure.noAttempt", {}) };
  if (failure.retryable === false || (failure.retryable === undefined && lasting.has(failure.class ?? "")))
    return {
      action: "fail",
      reason: say("task.failure.same", { error: failure.class ?? failure.code }),
    };
  return again(policy.retry, failure, attempt, []);
}

const defaultRetry: TaskRetry = { attempts: 3, delaySeconds: 10, factor: 2, maxDelaySeconds: 3_600 };

function again(retry: TaskRetry, failure: TaskFailure, attempt: number, because: readonly Said[]): Decision {
  if (attempt >= retry.attempts)
    return {
      action: "fail",
      reason: sayAll([...because, say("task.failure.allMade", { attempts: retry.attempts })]),
    };
  const grown = retry.delaySeconds * retry.factor ** (attempt - 1);
  const asked = (failure.retryAfterMs ?? 0) / 1000;
  const delaySeconds = Math.max(Math.min(retry.maxDelaySeconds, grown), asked);
  return {
    action: "retry",
    delaySeconds,
    reason: sayAll([
      ...because,
      say("task.failure.again", {
        ...{ attempt: attempt + 1, attempts: retry.attempts, seconds: Math.round(delaySeconds) },
      }),
    ]),
  };
}

function fits(rule: RecoveryRule, failure: TaskFailure): boolean {
  if (rule.code !== undefined && !isLike(rule.code, failure.code)) return false;
  if (rule.class !== undefined && rule.class !== failure.class) return false;
  return rule.message === undefined || failure.message.toLowerCase().includes(rule.message.toLowerCase());
}

/** `HTTP_5*`: parts between the stars, in order. No regular expression: the text comes from outside. */
function isLike(pattern: string, text: string): boolean {
  const parts = pattern.split("*");
  const [first = "", ...rest] = parts;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const [index, part] of rest.entries()) {
    const isLast = index === rest.length - 1;
    const found = isLast && part !== "" ? text.length - part.length : text.indexOf(part, at);
    if (found < at || (isLast && part !== "" && !text.endsWith(part))) return false;
    at = found + part.length;
  }
  return rest.length > 0 ? true : at === text.length;
}

const actions = { retry: "Retry", ignore: "Ignore", fail: "Fail", fallback: "Fallback" } as const;

function ruleSays(rule: RecoveryRule): Said {
  const parts = [rule.code, rule.class, rule.message === undefined ? undefined : `"${rule.message}"`];
  const named = parts.filter((part) => part !== undefined);
  return named.length === 0
    ? say(`task.failure.any${actions[rule.action]}`, {})
    : say(`task.failure.rule${actions[rule.action]}`, { rule: named.join(", ") });
}
