import type { Run } from "../run.ts";
import { Opaque, type Value } from "../values.ts";
export class DateTimeValue extends Opaque {
  readonly kind = "DateTime";
  readonly ms: number;
  constructor(ms: number) { super(); this.ms = ms; }
  override text() { return new Date(this.ms).toISOString(); }
  override data(): Value { return this.text(); }
  override number() { return this.ms; }
}
export function makeDateTime(ms: number, _zone: string) { return new DateTimeValue(ms); }
