// The filters of the list and its address: one is the other, so that a list can be sent to a colleague.
import type { ExecutionFilter } from "../../api/executions.ts";

export const ranges = {
  "1h": 3_600_000,
  "24h": 86_400_000,
  "7d": 604_800_000,
  "30d": 2_592_000_000,
} as const;
export type Range = keyof typeof ranges;

export const filterNames = [
  "status",
  "workflow",
  "mode",
  "range",
  "from",
  "to",
  "search",
  "error",
  "parent",
] as const;
export type FilterName = (typeof filterNames)[number];

const modes = ["production", "test", "simulated", "replay"] as const;

/** `nowMs` counts in whole minutes, so that the same address is the same question for a while. */
export function filterOf(view: URLSearchParams, nowMs: number): ExecutionFilter {
  const range = view.get("range");
  const from = isRange(range)
    ? new Date(Math.floor((nowMs - ranges[range]) / 60_000) * 60_000).toISOString()
    : instantOf(view.get("from"));
  const mode = modes.find((one) => one === view.get("mode"));
  return {
    ...given("status", view.get("status")),
    ...given("workflow", view.get("workflow")),
    ...given("mode", mode),
    ...given("error", view.get("error")),
    ...given("parent", view.get("parent")),
    ...given("search", view.get("search")?.trim()),
    ...given("from", from),
    ...given("to", isRange(range) ? undefined : instantOf(view.get("to"))),
  };
}

export function isRange(text: string | null): text is Range {
  return text !== null && Object.hasOwn(ranges, text);
}

export function hasFilter(view: URLSearchParams): boolean {
  return filterNames.some((name) => view.get(name));
}

/** An instant as a date-and-time field wants it, in the person's own zone. */
export function localText(instant: string | null): string {
  const atMs = instant === null ? Number.NaN : Date.parse(instant);
  if (Number.isNaN(atMs)) return "";
  return new Date(atMs - new Date(atMs).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function instantOf(text: string | null): string | undefined {
  const atMs = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(atMs) ? undefined : new Date(atMs).toISOString();
}

function given<Name extends string>(name: Name, value: string | null | undefined) {
  return value ? ({ [name]: value } as Record<Name, string>) : {};
}
