import type { Run } from "../run.ts"; import type { DateTimeValue } from "./dateTime.ts"; export function startOfDay(_run: Run, d: DateTimeValue) { return d; }
