// JavaScript that runs inside the guest before the person's code: it lays out what that code sees.
//
// It keeps its own copies of the built-ins it needs, because the person's code may replace them; doing so spoils at
// most that person's own result. The only function of the host it holds is `log`, which takes text and gives nothing.
export const guestPrelude = `(function (log, outputLengthMax, logLengthMax) {
  "use strict";
  const { parse, stringify } = JSON;
  const { apply } = Reflect;
  const { then } = Promise.prototype;
  const { slice } = String.prototype;
  const { imul } = Math;
  const { isArray } = Array;
  const text = String;
  const define = Object.defineProperty;
  const toIso = Date.prototype.toISOString;
  const PlainDate = Date;

  let outcome = "pending";
  let detail = "";
  let logLength = 0;

  function give(name, value) {
    define(globalThis, name, { value, writable: true, configurable: true, enumerable: true });
  }

  function shown(value) {
    if (typeof value === "string") return value;
    if (typeof value === "object" && value !== null) {
      try {
        const json = stringify(value);
        if (typeof json === "string" && json !== "{}") return json;
      } catch {}
    }
    try {
      return text(value);
    } catch {
      return "(unreadable)";
    }
  }

  function print(...values) {
    if (logLength >= logLengthMax) return;
    let line = "";
    for (let index = 0; index < values.length && line.length < logLengthMax; index += 1) {
      line += (index > 0 ? " " : "") + shown(values[index]);
    }
    line = apply(slice, line, [0, logLengthMax - logLength]);
    logLength += line.length + 1;
    log(line);
  }

  function kindOf(value) {
    if (isArray(value)) return "list";
    return value === null ? "null" : typeof value;
  }

  function settle(value) {
    if (value === undefined || value === null) {
      outcome = "nothing";
      return;
    }
    const kind = kindOf(value);
    if (kind !== "object" && kind !== "list") {
      outcome = "unusable";
      detail = kind;
      return;
    }
    const json = stringify(value);
    if (typeof json !== "string" || (json[0] !== "{" && json[0] !== "[")) {
      outcome = "unusable";
      detail = "something that JSON cannot express";
    } else if (json.length > outputLengthMax) {
      outcome = "large";
    } else {
      outcome = "done";
      detail = json;
    }
  }

  function fail(error) {
    outcome = "threw";
    const told = { name: "", message: "", stack: "" };
    try {
      if (typeof error === "object" && error !== null && "message" in error) {
        told.name = text(error.name);
        told.message = text(error.message);
        told.stack = text(error.stack);
      } else {
        told.message = shown(error);
      }
    } catch {
      told.message = "(unreadable error)";
    }
    told.name = apply(slice, told.name, [0, 200]);
    told.message = apply(slice, told.message, [0, 4000]);
    told.stack = apply(slice, told.stack, [0, 8000]);
    detail = stringify(told);
  }

  return {
    begin(input, nowMs, a, b, c, d) {
      const items = parse(input);
      give("$items", items);
      give("$json", items.length > 0 ? items[0].json : {});
      give("$input", {
        all: () => items,
        first: () => items[0],
        last: () => items[items.length - 1],
        item: items[0],
      });
      give("$now", apply(toIso, new PlainDate(nowMs), []));
      const console = { log: print, info: print, warn: print, error: print, debug: print };
      // The clock stands still: what took how long is not the same in every run.
      give("performance", { now: () => 0, timeOrigin: nowMs });
      define(globalThis, "console", { value: console, writable: true, configurable: true });
      // sfc32: small, and passes the usual tests of randomness.
      Math.random = function random() {
        const sum = (a + b) | 0;
        d = (d + 1) | 0;
        const t = (sum + d) | 0;
        a = b ^ (b >>> 9);
        b = (c + (c << 3)) | 0;
        c = (c << 21) | (c >>> 11);
        c = (c + t) | 0;
        return (t >>> 0) / 4294967296;
      };
      for (let round = 0; round < 12; round += 1) Math.random();
    },
    run(body) {
      try {
        apply(then, apply(then, body(), [settle]), [undefined, fail]);
      } catch (error) {
        fail(error);
      }
    },
    outcome: () => outcome,
    detail: () => detail,
  };
})`;
