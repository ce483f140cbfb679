// What the supervisor and its workers say to each other, and the limits both know. Plain data only.

export type CodeLimits = {
  /** Computing time of one run. Counted, not measured: see `interruptsPerMs`. */
  cpuMs: number;
  memoryBytes: number;
  stackBytes: number;
  inputBytes: number;
  outputBytes: number;
  /** Lists and objects within each other in the result. */
  outputDepth: number;
  logBytes: number;
  codeBytes: number;
};

export const codeLimits: CodeLimits = {
  cpuMs: 1_000,
  memoryBytes: 32 * 1024 * 1024,
  stackBytes: 256 * 1024,
  inputBytes: 8 * 1024 * 1024,
  outputBytes: 1024 * 1024,
  outputDepth: 200,
  logBytes: 64 * 1024,
  codeBytes: 256 * 1024,
};

/**
 * QuickJS asks whether to go on once per 10,000 loops and calls. Ordinary code does 3,000 to 15,000 such checks per
 * second on one core, so this many per millisecond stand for the millisecond. Counting makes the limit fall at the
 * same place in every run; work inside one built-in is not counted, and ends with the supervisor's clock.
 */
export const interruptsPerMs = 4;
/**
 * The supervisor kills a thread that used this multiple of `cpuMs`, measured by the system: on a busy machine a thread
 * that waits for its turn is not at fault. Beyond `wallFactor` it is killed all the same.
 */
export const cpuFactor = 1.5;
export const wallFactor = 8;

export type CodeTask = {
  code: string;
  language: "javascript" | "typescript";
  /** The items as JSON text. */
  input: string;
  nowMs: number;
  seed: string;
};

export type CodeOutcome =
  | { kind: "done"; text: string | undefined }
  | { kind: "threw"; name: string; message: string; line?: number; column?: number }
  | { kind: "syntax"; message: string; line?: number; column?: number }
  | { kind: "limit"; limit: "cpu" | "memory" | "stack" | "output" | "depth" | "crashed" }
  | { kind: "unusable"; returned: string }
  | { kind: "neverSettled" };

export type CodeReply = { outcome: CodeOutcome; logs: string[] };

/** `usedMs`: computing time of the thread since it began. */
export type WorkerMessage = { usedMs: number } & ({ type: "ready" } | { type: "reply"; reply: CodeReply });

export type WorkerData = { quickjs: WebAssembly.Module; limits: CodeLimits };

// Neither the language's own types nor Node's describe WebAssembly; this much is used here.
declare global {
  namespace WebAssembly {
    interface Module {
      readonly [Symbol.toStringTag]: string;
    }
    interface Memory {
      readonly buffer: ArrayBuffer;
    }
    function compile(bytes: Uint8Array): Promise<Module>;
  }
}
