// One WASM instance of QuickJS for one run. Runs inside a worker thread.
//
// The boundary: the guest's memory is the WASM instance's memory and nothing else. Of the host it can reach one
// function (`log`: text in, nothing out) and the few imports of the instance: a clock that stands still, random bytes
// that come from the seed, a time zone that is UTC, and a question whether to go on. There are no files, no network, no
// timers, no modules, and no object of the host is ever a value in it. Only text crosses, in both directions.
//
// Invariant: an instance serves one run and is thrown away, whatever happened in it.
import { JSException, type JSValueHandle, QuickJS } from "quickjs-wasi";
import { guestPrelude } from "./guestPrelude.ts";
import {
  type CodeLimits,
  type CodeOutcome,
  type CodeReply,
  type CodeTask,
  interruptsPerMs,
} from "./protocol.ts";
import { asFunction, guestFileName, placeInStack, withoutTypes } from "./sourceText.ts";

export type Guest = { run(task: CodeTask): CodeReply };

export async function createGuest(quickjs: WebAssembly.Module, limits: CodeLimits): Promise<Guest> {
  const logs: string[] = [];
  let logBytes = 0;
  let nowMs = 0;
  let interruptsLeft = Number.POSITIVE_INFINITY;
  let interrupted = false;

  const vm = await QuickJS.create({
    wasm: quickjs,
    memoryLimit: limits.memoryBytes,
    maxStackSize: limits.stackBytes,
    timezoneOffset: 0,
    interruptHandler() {
      interruptsLeft -= 1;
      interrupted ||= interruptsLeft < 0;
      return interrupted;
    },
    wasi: (memory: WebAssembly.Memory) => ({
      clock_time_get(_clock: number, _precision: bigint, resultPtr: number) {
        new DataView(memory.buffer).setBigUint64(
          resultPtr,
          BigInt(Math.max(0, Math.trunc(nowMs))) * 1_000_000n,
          true,
        );
        return 0;
      },
      random_get(ptr: number, length: number) {
        new Uint8Array(memory.buffer, ptr, length).fill(0x2a);
        return 0;
      },
      // What the engine itself would print.
      fd_write: () => 8,
    }),
  });

  const log = vm.newFunction("log", (line) => {
    if (line?.isString && logBytes < limits.logBytes) {
      const text = line.toString();
      logBytes += text.length + 1;
      logs.push(text);
    }
    return vm.undefined;
  });
  const prelude = vm.callFunction(
    vm.evalCode(guestPrelude, "prelude"),
    vm.undefined,
    log,
    vm.newNumber(limits.outputBytes),
    vm.newNumber(limits.logBytes),
  );

  return { run };

  function run(task: CodeTask): CodeReply {
    nowMs = task.nowMs;
    interruptsLeft = limits.cpuMs * interruptsPerMs;
    return { outcome: outcomeOf(task), logs };
  }

  function outcomeOf(task: CodeTask): CodeOutcome {
    try {
      const source = sourceOf(task);
      if (typeof source !== "string") return source;
      call(
        "begin",
        vm.newString(task.input),
        vm.newNumber(task.nowMs),
        ...seedNumbers(task.seed).map((n) => vm.newNumber(n)),
      );
      const body = vm.evalCode(source, guestFileName);
      if (!body.isFunction) return { kind: "syntax", message: "A bracket too many closes the code early." };
      call("run", body);
      vm.executePendingJobs();
      if (interrupted) return { kind: "limit", limit: "cpu" };
      return readOutcome(call("outcome").toString(), call("detail").toString());
    } catch (error) {
      if (interrupted) return { kind: "limit", limit: "cpu" };
      if (error instanceof JSException)
        return thrown({ name: error.name, message: error.message, stack: error.stack ?? "" });
      // A trap of the instance, or memory that ran out where the engine cannot say so.
      return { kind: "limit", limit: "crashed" };
    }
  }

  function call(name: string, ...args: JSValueHandle[]): JSValueHandle {
    return vm.callFunction(prelude.getProp(name), vm.undefined, ...args);
  }

  function readOutcome(outcome: string, detail: string): CodeOutcome {
    switch (outcome) {
      case "done":
        if (Buffer.byteLength(detail) > limits.outputBytes) return { kind: "limit", limit: "output" };
        if (isDeeper(detail, limits.outputDepth)) return { kind: "limit", limit: "depth" };
        return { kind: "done", text: detail };
      case "nothing":
        return { kind: "done", text: undefined };
      case "large":
        return { kind: "limit", limit: "output" };
      case "unusable":
        return { kind: "unusable", returned: detail };
      case "threw":
        return thrown(JSON.parse(detail));
      default:
        return { kind: "neverSettled" };
    }
  }
}

function sourceOf(task: CodeTask): string | CodeOutcome {
  const source = asFunction(task.code);
  if (task.language === "javascript") return source;
  const stripped = withoutTypes(source);
  if ("source" in stripped) return stripped.source;
  const { trouble, ...place } = stripped;
  return { kind: "syntax", message: trouble, ...place };
}

/** The engine tells of its own limits by errors that look like any other. */
function thrown(error: { name: string; message: string; stack: string }): CodeOutcome {
  const { name, message } = error;
  if (name === "InternalError" && (message === "out of memory" || message === "string too long")) {
    return { kind: "limit", limit: "memory" };
  }
  if (name === "RangeError" && message === "Maximum call stack size exceeded")
    return { kind: "limit", limit: "stack" };
  const place = placeInStack(error.stack);
  if (name === "SyntaxError" && /^\s+at code:/.test(error.stack))
    return { kind: "syntax", message, ...place };
  return { kind: "threw", name, message, ...place };
}

/** Nesting of JSON text, without parsing it: deep values break whoever walks them by recursion later. */
function isDeeper(json: string, depthMax: number): boolean {
  let depth = 0;
  let inText = false;
  for (let index = 0; index < json.length; index += 1) {
    const char = json.charCodeAt(index);
    if (inText) {
      if (char === 0x5c) index += 1;
      else if (char === 0x22) inText = false;
    } else if (char === 0x22) inText = true;
    else if (char === 0x5b || char === 0x7b) {
      depth += 1;
      if (depth > depthMax) return true;
    } else if (char === 0x5d || char === 0x7d) depth -= 1;
  }
  return false;
}

/** Four numbers of 32 bits from any text (cyrb128). */
function seedNumbers(seed: string): [number, number, number, number] {
  let a = 1779033703;
  let b = 3144134277;
  let c = 1013904242;
  let d = 2773480762;
  for (let index = 0; index < seed.length; index += 1) {
    const char = seed.charCodeAt(index);
    a = b ^ Math.imul(a ^ char, 597399067);
    b = c ^ Math.imul(b ^ char, 2869860233);
    c = d ^ Math.imul(c ^ char, 951274213);
    d = a ^ Math.imul(d ^ char, 2716044179);
  }
  return [a | 0, b | 0, c | 0, d | 0];
}
