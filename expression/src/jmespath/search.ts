import type { Run } from "../run.ts";
import type { Value } from "../values.ts";
export function searchJson(_run: Run, data: Value, _q: string): Value {
  return data;
}
