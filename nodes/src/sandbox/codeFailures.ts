// Failures of code steps, as people read them: what happened, where in their code, and what to do about it.
//
// Every one says `notDone`: code in the sandbox cannot change the world.
import type { Failure, Json } from "@auraos/kernel";
import { ActivityError } from "../defineNode.ts";
import type { CodeLimits, CodeOutcome } from "./protocol.ts";
import { offsetOf, type Place } from "./sourceText.ts";

type Told = { code: string; class: "code" | "limit"; message: string; remedy: string };

export function codeError(
  outcome: Exclude<CodeOutcome, { kind: "done" }>,
  context: { code: string; logs: string[]; limits: CodeLimits },
): ActivityError {
  const place: Place = {};
  if ("line" in outcome && outcome.line !== undefined) place.line = outcome.line;
  if ("column" in outcome && outcome.column !== undefined) place.column = outcome.column;
  const told = tell(outcome, context.limits);
  const position = offsetOf(context.code, place);
  const detail: Record<string, Json> = { ...place };
  if (context.logs.length > 0) detail.logs = context.logs;
  const at = place.line === undefined ? "" : ` (line ${place.line})`;
  return failed({
    ...told,
    message: told.message + at,
    ...(position === undefined ? {} : { position }),
    detail,
  });
}

function tell(outcome: Exclude<CodeOutcome, { kind: "done" }>, limits: CodeLimits): Told {
  switch (outcome.kind) {
    case "threw":
      return {
        code: "CODE_THREW",
        class: "code",
        message:
          outcome.name === "" || outcome.name === "Error"
            ? outcome.message
            : `${outcome.name}: ${outcome.message}`,
        remedy: remedyFor(outcome.name, outcome.message),
      };
    case "syntax":
      return {
        code: "CODE_SYNTAX",
        class: "code",
        message: `This is not valid code: ${outcome.message}`,
        remedy: /strip/.test(outcome.message)
          ? "Only types that can be left out are possible: no enum, no namespace, no parameter properties."
          : "Correct the code at the marked place.",
      };
    case "unusable":
      return {
        code: "CODE_RESULT",
        class: "code",
        message: `The code returned ${returnedNames[outcome.returned] ?? outcome.returned}.`,
        remedy: "Return an object, or a list of objects.",
      };
    case "neverSettled":
      return {
        code: "CODE_NEVER_SETTLED",
        class: "code",
        message: "The code waits for something that never happens.",
        remedy:
          "Look for a promise that is never resolved; there are no timers and no network here, use Wait and HTTP nodes.",
      };
    case "limit":
      return tellLimit(outcome.limit, limits);
  }
}

const returnedNames: Record<string, string | undefined> = {
  number: "a number",
  bigint: "a number",
  string: "text",
  boolean: "true or false",
  function: "a function",
  symbol: "a symbol",
};

function tellLimit(limit: (CodeOutcome & { kind: "limit" })["limit"], limits: CodeLimits): Told {
  switch (limit) {
    case "cpu":
      return {
        code: "CODE_TIME_LIMIT",
        class: "limit",
        message: `The code computed for longer than ${limits.cpuMs / 1000} s.`,
        remedy:
          "Look for a loop that does not end (the clock stands still in code), or give the node fewer items at a time.",
      };
    case "memory":
      return {
        code: "CODE_MEMORY_LIMIT",
        class: "limit",
        message: `The code needed more than ${megabytes(limits.memoryBytes)} of memory.`,
        remedy: "Look for a list or text that grows without end, or give the node fewer items at a time.",
      };
    case "stack":
      return {
        code: "CODE_STACK_LIMIT",
        class: "limit",
        message: "Functions called each other too deeply.",
        remedy: "Look for a function that calls itself without end, or use a loop instead.",
      };
    case "output":
      return {
        code: "CODE_OUTPUT_LIMIT",
        class: "limit",
        message: `The result is larger than ${megabytes(limits.outputBytes)}.`,
        remedy: "Return less, or split the work with a Loop.",
      };
    case "depth":
      return {
        code: "CODE_OUTPUT_LIMIT",
        class: "limit",
        message: `Lists and objects in the result lie more than ${limits.outputDepth} deep within each other.`,
        remedy: "Return a flatter result.",
      };
    case "crashed":
      return {
        code: "CODE_CRASHED",
        class: "limit",
        message: "The code broke its sandbox instance, which was thrown away.",
        remedy: "Look for very large or very deep values.",
      };
  }
}

export function inputTooLarge(bytes: number, limits: CodeLimits): ActivityError {
  return failed({
    code: "CODE_INPUT_LIMIT",
    class: "limit",
    message: `The items are ${megabytes(bytes)}; code gets at most ${megabytes(limits.inputBytes)}.`,
    remedy: "Keep only the fields the code needs, or give the node fewer items at a time.",
  });
}

export function codeTooLong(limits: CodeLimits): ActivityError {
  return failed({
    code: "CODE_TOO_LONG",
    class: "limit",
    message: `The code is longer than ${limits.codeBytes / 1024} KB.`,
    remedy: "Put data into variables or a table instead of the code.",
  });
}

export function codeAborted(signal: AbortSignal): ActivityError {
  const reason: unknown = signal.reason;
  if (reason instanceof ActivityError) return reason;
  const timedOut = reason instanceof Error && reason.name === "TimeoutError";
  return failed({
    code: timedOut ? "TIMEOUT" : "ABORTED",
    class: timedOut ? "timeout" : "cancelled",
    message: timedOut ? "The code was not done in time." : "The code was cancelled.",
    retryable: timedOut,
  });
}

export function runnerUnavailable(message: string): ActivityError {
  return failed({ code: "CODE_UNAVAILABLE", class: "unknown", message, retryable: true });
}

function failed(failure: Omit<Failure, "certainty">): ActivityError {
  return new ActivityError({ ...failure, certainty: "notDone" });
}

const absent: [RegExp, string][] = [
  [
    /\b(fetch|XMLHttpRequest|axios|\$http|WebSocket)\b/,
    "Code has no network; use an HTTP node before this one.",
  ],
  [/\b(setTimeout|setInterval|setImmediate)\b/, "Code has no timers; use a Wait node."],
  [
    /\b(require|module|process|Buffer|fs|__dirname)\b/,
    "Code is plain JavaScript without Node and its modules.",
  ],
  [/\b(document|window|localStorage|navigator)\b/, "Code does not run in a browser."],
  [/\$env\b/, "Environment variables are not visible here; use $vars in a node before this one."],
  [
    /\$\b|\$node\b/,
    "Only $items, $json, $input and $now are here; bring other data in with a Set or Merge node.",
  ],
];

function remedyFor(name: string, message: string): string {
  if (name === "ReferenceError") {
    const known = absent.find(([pattern]) => pattern.test(message));
    if (known) return known[1];
  }
  if (name === "TypeError" && /of (undefined|null)$/.test(message)) {
    return "The value before the dot is missing; use ?. or check for it first.";
  }
  return "Correct the code, or handle this case in it.";
}

function megabytes(bytes: number): string {
  return `${Math.round((bytes / 1024 / 1024) * 10) / 10} MB`;
}
