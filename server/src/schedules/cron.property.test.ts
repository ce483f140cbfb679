// Cron against a calculation that knows nothing of it: every minute of a year is asked for its local time, and the
// fields are held against plain conditions. Seeded; a failure names seed, expression, zone and year.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Cron } from "croner";
import { moments } from "./fires.ts";
import { compileSpec } from "./spec.ts";

const SEED = Number(process.env.SEED ?? 20260329);
/** `CRON_YEARS=10000` plays as many as docs/proof.md tells of. */
const ROUNDS = Number(process.env.CRON_YEARS ?? 80);
const MINUTE = 60_000;
const zones = [
  "Europe/Berlin",
  "America/New_York",
  "Australia/Lord_Howe",
  "America/Santiago",
  "Africa/Cairo",
];
const years = [2019, 2023, 2026, 2031];
const policies = { gap: ["skip", "after"], repeat: ["first", "second", "both"] } as const;

type Field = { text: string; fits: (value: number) => boolean };

test(`cron fires as a brute-force calculation says, over ${ROUNDS} simulated years (seed ${SEED})`, () => {
  const random = randomOf(SEED);
  for (let round = 0; round < ROUNDS; round += 1) {
    const [zone, year] = [pick(random, zones), pick(random, years)];
    const [gap, repeat] = [pick(random, policies.gap), pick(random, policies.repeat)];
    const rule = ruleOf(random);
    const label = `seed ${SEED} round ${round}: "${rule.cron}" ${zone} ${year} gap ${gap} repeat ${repeat}`;
    const compiled = compileSpec({ cron: rule.cron, timezone: zone, gap, repeat });
    if (!compiled.ok) {
      assert.equal(compiled.problems[0]?.code, "CRON_NEVER", label);
      continue;
    }
    const [from, to] = [Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1)];
    const found: number[] = [];
    for (const { kind, atMs } of moments(compiled.spec, from - 1)) {
      if (atMs >= to) break;
      if (kind === "fire") found.push(atMs);
    }
    const expected = bruteForce(localMinutes(zone, year), from, rule.fits, { gap, repeat });
    const wrong = found.findIndex((at, index) => at !== expected[index]);
    const at = wrong < 0 ? found.length : wrong;
    const show = (value: number | undefined) =>
      value === undefined ? "none" : new Date(value).toISOString();
    assert.equal(show(found[at]), show(expected[at]), label);
  }
});

test("cron without clock changes agrees with croner", () => {
  const random = randomOf(SEED + 1);
  for (let round = 0; round < 300; round += 1) {
    const { cron } = ruleOf(random, true);
    const compiled = compileSpec({ cron });
    const from = new Date(Date.UTC(2020 + Math.floor(random() * 15), Math.floor(random() * 12), 1));
    const theirs = new Cron(cron, { timezone: "UTC", paused: true })
      .nextRuns(5, from)
      .map((date) => date.getTime());
    if (!compiled.ok) {
      assert.deepEqual(theirs, [], cron);
      continue;
    }
    const ours: number[] = [];
    for (const { atMs } of moments(compiled.spec, from.getTime()))
      if (ours.push(atMs) === theirs.length) break;
    assert.deepEqual(ours, theirs, `${cron} from ${from.toISOString()}`);
  }
});

/** Per minute of the year (and the hours around it), what clocks on the wall show. */
function localMinutes(zone: string, year: number): Year {
  const key = `${zone} ${year}`;
  const known = cache.get(key);
  if (known) return known;
  const format = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
  const offsetOf = (ms: number) => {
    const match = /GMT(?:([+-])(\d\d):(\d\d))?$/.exec(format.format(ms));
    return (match?.[1] === "-" ? -1 : 1) * (Number(match?.[2] ?? 0) * 60 + Number(match?.[3] ?? 0)) * MINUTE;
  };
  const [from, to] = [Date.UTC(year, 0, 1) - 3_600_000, Date.UTC(year + 1, 0, 1)];
  const local = new Float64Array((to - from) / MINUTE);
  const fill = (start: number, end: number, offset: number) => {
    for (let ms = start; ms < end; ms += MINUTE) local[(ms - from) / MINUTE] = ms + offset;
  };
  // Clocks do not change twice within six hours; where they change, every half hour is asked.
  const block = 360 * MINUTE;
  for (let ms = from; ms < to; ms += block) {
    const end = Math.min(ms + block, to);
    const offset = offsetOf(ms);
    if (offset === offsetOf(end)) fill(ms, end, offset);
    else
      for (let half = ms; half < end; half += 30 * MINUTE)
        fill(half, Math.min(half + 30 * MINUTE, end), offsetOf(half));
  }
  const found = { local, twice: seenTwice(local) };
  cache.set(key, found);
  return found;
}

type Year = { local: Float64Array; twice: Set<number> };
const cache = new Map<string, Year>();

function seenTwice(local: Float64Array): Set<number> {
  const twice = new Set<number>();
  let latest = Number.NEGATIVE_INFINITY;
  for (const wall of local) {
    if (wall <= latest) twice.add(wall);
    latest = Math.max(latest, wall);
  }
  return twice;
}

function bruteForce(
  { local, twice }: Year,
  from: number,
  fits: (local: number) => boolean,
  policy: { gap: string; repeat: string },
): number[] {
  const fires: number[] = [];
  let latest = local[59] ?? 0;
  for (let index = 60; index < local.length; index += 1) {
    const wall = local[index] ?? 0;
    let isDue = false;
    if (fits(wall)) {
      const isSecond = wall <= latest;
      isDue =
        !twice.has(wall) || policy.repeat === "both" || policy.repeat === (isSecond ? "second" : "first");
    }
    for (let gone = latest + MINUTE; gone < wall && policy.gap === "after"; gone += MINUTE)
      if (fits(gone)) isDue = true;
    if (isDue) fires.push(from + (index - 60) * MINUTE);
    latest = Math.max(latest, wall);
  }
  return fires;
}

function ruleOf(random: () => number, sparse = false): { cron: string; fits: (local: number) => boolean } {
  const often = sparse ? 0.2 : 0.35;
  const minute = fieldOf(random, 0, 59, 0.08);
  const hour = fieldOf(random, 0, 23, often);
  const day = fieldOf(random, 1, 31, 0.6);
  const month = fieldOf(random, 1, 12, 0.6);
  const weekday = fieldOf(random, 0, 6, 0.6);
  const isEither = day.text !== "*" && weekday.text !== "*";
  const date = new Date();
  return {
    cron: [minute, hour, day, month, weekday].map(({ text }) => text).join(" "),
    fits: (local) => {
      const minutes = local / MINUTE;
      if (!minute.fits(minutes % 60) || !hour.fits(Math.floor(minutes / 60) % 24)) return false;
      date.setTime(local);
      if (!month.fits(date.getUTCMonth() + 1)) return false;
      const [byDay, byWeekday] = [day.fits(date.getUTCDate()), weekday.fits(date.getUTCDay())];
      return isEither ? byDay || byWeekday : byDay && byWeekday;
    },
  };
}

function fieldOf(random: () => number, min: number, max: number, starShare: number): Field {
  const between = (low: number, high: number) => low + Math.floor(random() * (high - low + 1));
  if (random() < starShare) return { text: "*", fits: () => true };
  const [a, b, step] = [
    between(min, max),
    between(min, max),
    between(2, Math.max(2, Math.floor((max - min) / 2))),
  ];
  const [low, high] = [Math.min(a, b), Math.max(a, b)];
  const kinds: Field[] = [
    { text: `${a}`, fits: (value) => value === a },
    { text: `${low}-${high}`, fits: (value) => value >= low && value <= high },
    { text: `${a},${b}`, fits: (value) => value === a || value === b },
    {
      text: `${low}-${high}/${step}`,
      fits: (value) => value >= low && value <= high && (value - low) % step === 0,
    },
  ];
  return pick(random, kinds);
}

function pick<T>(random: () => number, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)] as T;
}

function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
