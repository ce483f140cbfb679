// A workflow as the simulation thinks of it: steps within steps. From a plan come the definition that the engine runs
// (layOut.ts) and the result that the model expects (model.ts). Items are `{n: number}` everywhere.
import type { Join } from "@auraos/kernel";

export type Step =
  /** n = (n * times + plus [+ n of an earlier step's item]) % 997. */
  | { kind: "set"; id: string; times: number; plus: number; reads?: string }
  | Work
  | { kind: "filter"; id: string; modulus: number; rest: number }
  | { kind: "count"; id: string }
  /** Each item goes one way; the ways meet again in `join`. */
  | { kind: "route"; id: string; by: "if" | "switch"; arms: Step[][]; join: string }
  /** All items go every way. */
  | { kind: "fan"; id: string; arms: Step[][]; how: Join }
  | {
      kind: "foreach";
      id: string;
      body: Step[];
      concurrency: number;
      batch: number;
      onError: "stop" | "continue" | "collect";
      /** Elements made of each item by an expression. */
      expand?: number;
    }
  | { kind: "while"; id: string; body: Step[]; rounds: number; roundsMax: number }
  | { kind: "try"; id: string; body: Step[]; rescue: Step[] | null; clean: Step[] | null }
  | { kind: "parallel"; id: string; arms: Step[][] }
  /** Steps of the body that are `undone` have a compensation `id + "u"`. */
  | { kind: "saga"; id: string; body: Step[] }
  | { kind: "pause"; id: string; seconds: number }
  | { kind: "signal"; id: string; timeoutSeconds?: number }
  | { kind: "approval"; id: string; timeoutSeconds?: number }
  | { kind: "sub"; id: string; workflow: string; mode: "all" | "each" }
  | { kind: "respond"; id: string }
  | { kind: "stop"; id: string }
  /** Leaves the loop or the round for an item whose n % modulus is `rest`. */
  | { kind: "jump"; id: string; how: "break" | "continue"; modulus: number; rest: number };

/** Work outside, done by a service that computes `answerOf`. */
export type Work = {
  kind: "work";
  id: string;
  effect: "read" | "idempotent" | "once" | "asked";
  per: "item" | "list";
  salt: number;
  /** Fails for good when the number it works on is `failRest` modulo 7. */
  failRest?: number;
  onError: "fail" | "fallback" | "errorPort" | "park";
  concurrency?: number;
  timeoutMs: number;
  /** Records so many steps of its own before it acts. */
  steps?: number;
  /** Before this step it wants to be allowed to go on by a person. */
  asks?: number;
  undone?: boolean;
  /** Answers with what the storage refuses. */
  isPoisonous?: boolean;
  /** Answers with a value that goes to the blob store. */
  isBig?: boolean;
};

export type Plan = {
  name: string;
  steps: Step[];
  /** Its outcome does not depend on what comes first, so the model can say it. */
  isExact: boolean;
  timeoutMs?: number;
  errorWorkflow?: string;
  concurrency?: { limit: number; overlap: "queue" | "skip" | "cancelOther" };
};

export const MODULUS = 997;
export const FALLBACK_N = 500;
export const ERROR_N = 600;
export const RESCUE_N = 700;
export const FAILED = "SIM_REFUSED";

/** What the service outside answers for a number. */
export function answerOf(salt: number, n: number): number {
  return (n * 31 + salt * 17 + 5) % MODULUS;
}

/** What a step of an activity makes of a number. */
export function stepOf(n: number, step: number): number {
  return (n * 3 + step + 1) % MODULUS;
}

/** What `answerOf` is asked for once all steps are done. */
export function afterSteps(n: number, count: number): number {
  let at = n;
  for (let step = 0; step < count; step++) at = stepOf(at, step);
  return at;
}

export function isRefused(failRest: number | undefined, n: number): boolean {
  return failRest !== undefined && n % 7 === failRest;
}

/** The number that a list stands for. */
export function listNumber(numbers: readonly number[]): number {
  let sum = numbers.length;
  for (const n of numbers) sum = (sum * 7 + n) % MODULUS;
  return sum;
}
