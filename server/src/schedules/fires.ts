// The moments at which a schedule is due, in order, each with what is special about it. Pure.
//
// Wall-clock rules (cron, rrule) know nothing of zones. Time is walked in stretches of one offset, so that order and
// both clock changes follow by themselves: a wall time in a gap belongs to no stretch, one that comes twice to two.
import { DAY_MS, type WallRule } from "@auraos/nodes/trigger/schedule/rule.ts";
import { type Said, say } from "../platform/say.ts";
import type { CompiledSpec } from "./spec.ts";
import { type ClockChange, localText, type Stretch, stretchAt } from "./zone.ts";

export type Moment = {
  kind: "fire" | "skipped";
  /** Due, without jitter. */
  atMs: number;
  /** Local time; of one that does not exist, without an offset. */
  local: string;
  /** What is special; of skipped ones the reason. */
  note?: Said;
};

/** No offset is larger: what is later than this on the wall is later than now. */
const OFFSET_MAX_MS = 26 * 3_600_000;
/** Nothing is looked for later than this. */
const HORIZON_MS = 100 * 366 * DAY_MS;
/** A rule whose every moment is excluded. */
const SKIPPED_MAX = 100_000;

export function nextFires(
  spec: CompiledSpec,
  afterMs: number,
  count: number,
): { fires: Moment[]; skipped: Moment[] } {
  const fires: Moment[] = [];
  const skipped: Moment[] = [];
  if (count <= 0) return { fires, skipped };
  for (const moment of moments(spec, afterMs)) {
    if (moment.kind === "skipped") skipped.push(moment);
    else if (fires.push(moment) === count) break;
    if (skipped.length > SKIPPED_MAX) break;
  }
  return { fires, skipped };
}

export function nextFire(spec: CompiledSpec, afterMs: number): Moment | undefined {
  return nextFires(spec, afterMs, 1).fires[0];
}

/** The last fire after `afterMs` and not after `untilMs`: looked for in windows that grow, from the end. */
export function lastFire(spec: CompiledSpec, afterMs: number, untilMs: number): Moment | undefined {
  for (let windowMs = 1_000; ; windowMs *= 8) {
    const from = Math.max(afterMs, untilMs - windowMs);
    let last: Moment | undefined;
    for (const moment of moments(spec, from)) {
      if (moment.atMs > untilMs) break;
      if (moment.kind === "fire") last = moment;
    }
    if (last !== undefined || from === afterMs) return last;
  }
}

/** Strictly after `afterMs`, for ever unless the rule ends. A day that is excluded is one skipped moment. */
export function* moments(spec: CompiledSpec, afterMs: number): Generator<Moment> {
  const from = Math.max(afterMs, (spec.startMs ?? Number.NEGATIVE_INFINITY) - 1);
  const lastMs = Math.min(spec.endMs ?? Number.POSITIVE_INFINITY, from + HORIZON_MS);
  let excluded = "";
  for (let restart: number | undefined = from; restart !== undefined; ) {
    const after: number = restart;
    restart = undefined;
    for (const moment of ruleMoments(spec, after)) {
      if (moment.atMs > lastMs) return;
      const date = moment.local.slice(0, 10);
      const reason = moment.kind === "fire" ? spec.excluded(date) : undefined;
      if (reason === undefined) {
        yield moment;
        continue;
      }
      if (date !== excluded) yield { ...moment, kind: "skipped", note: reason };
      excluded = date;
      restart = lateOn(spec, moment.atMs, date);
      if (restart !== undefined) break;
    }
  }
}

/** Shortly before the end of the day, whatever clocks do at midnight; nothing when it is later already. */
function lateOn(spec: CompiledSpec, atMs: number, date: string): number | undefined {
  const midnight = Date.parse(`${date}T00:00:00Z`) + DAY_MS - stretchAt(spec.zone, atMs).offset;
  const late = midnight - 2 * 3_600_000;
  return late > atMs ? late : undefined;
}

function ruleMoments(spec: CompiledSpec, afterMs: number): Generator<Moment> {
  const { rule } = spec;
  return "everyMs" in rule ? intervals(spec, rule.everyMs, afterMs) : wallMoments(spec, rule, afterMs);
}

function* intervals(spec: CompiledSpec, everyMs: number, afterMs: number): Generator<Moment> {
  const anchor = spec.startMs ?? 0;
  for (let index = Math.floor((afterMs - anchor) / everyMs) + 1; ; index += 1) {
    const atMs = anchor + index * everyMs;
    yield { kind: "fire", atMs, local: localText(atMs, stretchAt(spec.zone, atMs).offset) };
  }
}

function* wallMoments(spec: CompiledSpec, rule: WallRule, afterMs: number): Generator<Moment> {
  let ms = afterMs + 1;
  for (;;) {
    const stretch = stretchAt(spec.zone, ms);
    const missing = stretch.from > afterMs ? inGap(spec, rule, stretch.begins) : undefined;
    if (missing?.kind === "skipped") yield missing;
    let wall = rule.next(Math.max(stretch.from, afterMs + 1) + stretch.offset - 1);
    if (missing?.kind === "fire") {
      yield missing;
      // The moment after the gap may be in the rule itself: one fire, not two.
      if (wall === stretch.from + stretch.offset) wall = rule.next(wall);
    }
    while (wall !== undefined && wall < stretch.to + stretch.offset) {
      yield ofStretch(spec, stretch, wall);
      wall = rule.next(wall);
    }
    if (wall === undefined) return;
    ms = Math.max(stretch.to, wall - OFFSET_MAX_MS);
  }
}

/** Wall times that the clocks jumped over. */
function inGap(spec: CompiledSpec, rule: WallRule, change: ClockChange | undefined): Moment | undefined {
  if (change === undefined || change.after <= change.before) return undefined;
  const wall = rule.next(change.at + change.before - 1);
  if (wall === undefined || wall >= change.at + change.after) return undefined;
  const text = new Date(wall).toISOString().slice(0, 19);
  const isDay = change.after - change.before >= DAY_MS;
  const [stop, go] = [change.at + change.before, change.at + change.after];
  const when = { time: clock(wall), date: text.slice(0, 10) };
  const jump = { ...when, from: clock(stop), to: clock(go) };
  if (spec.gap === "skip") {
    const note = isDay ? say("fire.dayGoneSkipped", when) : say("fire.gapSkipped", jump);
    return { kind: "skipped", atMs: change.at, local: text, note };
  }
  const local = localText(change.at, change.after);
  const note = isDay ? say("fire.dayGoneAfter", when) : say("fire.gapAfter", jump);
  return { kind: "fire", atMs: change.at, local, note };
}

function ofStretch(spec: CompiledSpec, stretch: Stretch, wall: number): Moment {
  const atMs = wall - stretch.offset;
  const local = localText(atMs, stretch.offset);
  const { begins, ends } = stretch;
  const isSecond = begins !== undefined && wall < begins.at + begins.before;
  const isFirst = ends !== undefined && wall >= ends.at + ends.after;
  if (!isFirst && !isSecond) return { kind: "fire", atMs, local };
  const which = isSecond ? "second" : "first";
  const when = { time: clock(wall), date: local.slice(0, 10) };
  if (spec.repeat === "both" || spec.repeat === which)
    return { kind: "fire", atMs, local, note: say(`fire.twice.${which}`, when) };
  return { kind: "skipped", atMs, local, note: say(`fire.twice.${which}Unwanted`, when) };
}

function clock(wall: number): string {
  const text = new Date(wall).toISOString();
  return (wall % DAY_MS) % 60_000 === 0 ? text.slice(11, 16) : text.slice(11, 19);
}
