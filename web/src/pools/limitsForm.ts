// The limits of a workflow as text fields, and the body that follows from them; an empty field is no limit.
import type { WorkflowLimitsBody } from "@auraos/contract";
import type { WorkflowLimits } from "../api/limits.ts";

/** The value of a choice that chooses nothing. */
export const NONE = "none";

const fields = ["rateCount", "rateSeconds", "dailyMax", "openMax", "pauseAfterFailures"] as const;
export type LimitsForm = Record<(typeof fields)[number], string> & {
  pool: string;
  places: string;
  priority: string;
  fairKey: string;
  paused: boolean;
};

export function formOf(limits: WorkflowLimits | undefined): LimitsForm {
  const text = (value: number | undefined) => (value === undefined ? "" : String(value));
  return {
    ...{ rateCount: text(limits?.rate?.count), rateSeconds: text(limits?.rate?.seconds ?? 60) },
    ...{ dailyMax: text(limits?.dailyMax), openMax: text(limits?.openMax) },
    pauseAfterFailures: text(limits?.pauseAfterFailures),
    ...{ pool: limits?.pool ?? NONE, places: text(limits?.places ?? 1) },
    ...{ priority: text(limits?.priority ?? 0), fairKey: limits?.fairKey ?? "" },
    paused: limits?.paused ?? false,
  };
}

export function bodyOf(form: LimitsForm): Partial<WorkflowLimitsBody> {
  const number = (text: string) => (text.trim() === "" ? undefined : Number(text));
  const rate = number(form.rateCount);
  const numbers = {
    dailyMax: number(form.dailyMax),
    openMax: number(form.openMax),
    pauseAfterFailures: number(form.pauseAfterFailures),
  };
  const given = Object.entries(numbers).filter(([, value]) => value !== undefined);
  return {
    ...Object.fromEntries(given),
    ...(rate === undefined ? {} : { rate: { count: rate, seconds: number(form.rateSeconds) ?? 60 } }),
    ...(form.pool === NONE ? {} : { pool: form.pool }),
    ...(form.fairKey.trim() === "" ? {} : { fairKey: form.fairKey.trim() }),
    ...{ places: number(form.places) ?? 1, priority: number(form.priority) ?? 0, paused: form.paused },
  };
}
