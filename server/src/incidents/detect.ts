// Notices attacks in what passes by: pure, with the time of each event, so that months of traffic can be played through it.
//
//   stuffing    from one network many accounts are tried and most tries fail; or one account from many networks; or
//               many accounts from many networks within minutes, nearly all failing
//   newPlace    an API key that has always been used from one network is used from another one; or one that travels is
//               used from a new place and, in between, from where it was. Young ones say nothing
//   massExport  a credential reads or exports far more different things within an hour than it ever has
//
// The numbers say what people do (mistype a password a few times, share an office, come back from holiday) and were adjusted on
// made-up traffic. detect.test.ts plays other traffic of the same kind and prints recall and false alarms.

import type { SecurityFinding } from "@auraos/contract";

export type Observation =
  | { kind: "signIn"; atMs: number; place: string; account: string; isGood: boolean }
  | { kind: "use"; atMs: number; credential: string; place: string }
  | { kind: "read"; atMs: number; credential: string; object: string; isExport: boolean };

export type Detection = Pick<SecurityFinding, "parameters"> & {
  kind: SecurityFinding["kind"];
  code: NonNullable<SecurityFinding["code"]>;
  /** The network, account or credential that it is about. */
  key: string;
  severity: "warning" | "critical";
  title: string;
  detail: string;
};

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const STUFFING_MS = 10 * MINUTE_MS;
const ACCOUNTS_FROM_ONE_PLACE = 5;
const FAILURES_FROM_ONE_PLACE = 8;
const ACCOUNT_MS = HOUR_MS;
const PLACES_OF_ONE_ACCOUNT = 5;
const FAILURES_OF_ONE_ACCOUNT = 12;
const SPREAD_PLACES = 20;
const SPREAD_ACCOUNTS = 20;
const FAILING_SHARE = 0.7;

const LEARNING_MS = 3 * DAY_MS;
/** A key that was seen in more networks than that has no place at all, such as one of build machines. */
const PLACES_OF_A_TRAVELLER = 12;
/** For so long a new place is strange. */
const STRANGE_MS = DAY_MS;
const BETWEEN_MS = 2 * HOUR_MS;

const OBJECTS_AN_HOUR = 300;
/** Of somebody whose habits are not known yet. */
const OBJECTS_OF_A_STRANGER = 1_000;
const STRANGER_MS = 2 * DAY_MS;
const EXPORTS_AN_HOUR = 10;
const TIMES_MORE_THAN_EVER = 5;
/** What counts as usual is forgotten by half each week. */
const HABIT_HALF_LIFE_MS = 7 * DAY_MS;

const SILENCE_MS = HOUR_MS;
const ENTRIES_MAX = 20_000;

type Try = { atMs: number; place: string; account: string; isGood: boolean };
type Move = { atMs: number; place: string };
type Reading = {
  hour: number;
  objects: Set<string>;
  exports: number;
  habit: number;
  exportHabit: number;
  habitAtMs: number;
  sinceMs: number;
};

export type Detector = {
  observe(event: Observation): Detection[];
  /** Where a credential was used before this process began. */
  learn(credential: string, place: string, atMs: number): void;
  knows(credential: string, place: string): boolean;
};

export function createDetector(): Detector {
  const tries: Try[] = [];
  const places = new Map<string, Map<string, number>>();
  const readings = new Map<string, Reading>();
  const moves = new Map<string, Move[]>();
  const told = new Map<string, number>();
  return {
    observe(event) {
      const found = inner(event);
      return found.filter((one) => isNews(one, event.atMs));
    },
    learn: (credential, place, atMs) => {
      const known = placesOf(credential);
      known.set(place, Math.min(atMs, known.get(place) ?? Number.POSITIVE_INFINITY));
    },
    knows: (credential, place) => places.get(credential)?.has(place) === true,
  };

  function inner(event: Observation): Detection[] {
    if (event.kind === "signIn") return onSignIn(event);
    return event.kind === "use" ? onUse(event) : onRead(event);
  }

  function isNews({ kind, key }: Detection, atMs: number): boolean {
    const name = `${kind} ${key}`;
    const last = told.get(name);
    if (told.size > ENTRIES_MAX) told.clear();
    told.set(name, atMs);
    return last === undefined || atMs - last > SILENCE_MS;
  }

  function onSignIn(event: Try): Detection[] {
    while (
      tries.length > 0 &&
      (tries.length > ENTRIES_MAX || (tries[0]?.atMs ?? 0) < event.atMs - ACCOUNT_MS)
    )
      tries.shift();
    tries.push({ atMs: event.atMs, place: event.place, account: event.account, isGood: event.isGood });
    if (event.isGood) return [];
    const recent = tries.filter(({ atMs }) => atMs >= event.atMs - STUFFING_MS);
    return [...fromOnePlace(event, recent), ...ofOneAccount(event), ...spread(recent)];
  }

  function fromOnePlace(event: Try, recent: readonly Try[]): Detection[] {
    const here = recent.filter(({ place }) => place === event.place);
    const failed = here.filter(({ isGood }) => !isGood);
    const accounts = new Set(failed.map(({ account }) => account)).size;
    const isMany = accounts >= ACCOUNTS_FROM_ONE_PLACE && failed.length >= FAILURES_FROM_ONE_PLACE;
    if (!isMany || failed.length < FAILING_SHARE * here.length) return [];
    const parameters = {
      place: event.place,
      failed: failed.length,
      accounts,
      succeeded: here.length - failed.length,
    };
    return [
      {
        ...{ kind: "stuffing", key: `place ${event.place}`, severity: "critical" },
        ...{ code: "fromOnePlace", parameters },
        title: `Passwords are tried from ${event.place}`,
        detail: `${failed.length} failed sign-ins to ${accounts} accounts within ten minutes, ${parameters.succeeded} succeeded.`,
      },
    ];
  }

  function ofOneAccount(event: Try): Detection[] {
    const failed = tries.filter(({ account, isGood }) => account === event.account && !isGood);
    const count = new Set(failed.map(({ place }) => place)).size;
    if (failed.length < FAILURES_OF_ONE_ACCOUNT || count < PLACES_OF_ONE_ACCOUNT) return [];
    return [
      {
        ...{ kind: "stuffing", key: `account ${event.account}`, severity: "warning" },
        ...{ code: "ofOneAccount", parameters: { failed: failed.length, places: count } },
        title: "The password of one account is tried from many places",
        detail: `${failed.length} failed sign-ins from ${count} networks within an hour.`,
      },
    ];
  }

  function spread(recent: readonly Try[]): Detection[] {
    const failed = recent.filter(({ isGood }) => !isGood);
    const [from, to] = [
      new Set(failed.map(({ place }) => place)).size,
      new Set(failed.map(({ account }) => account)).size,
    ];
    if (from < SPREAD_PLACES || to < SPREAD_ACCOUNTS || failed.length < FAILING_SHARE * recent.length)
      return [];
    return [
      {
        ...{ kind: "stuffing", key: "everywhere", severity: "critical" },
        ...{ code: "fromEverywhere", parameters: { failed: failed.length, accounts: to, places: from } },
        title: "Passwords are tried from many places at once",
        detail: `${failed.length} failed sign-ins to ${to} accounts from ${from} networks within ten minutes.`,
      },
    ];
  }

  function placesOf(credential: string): Map<string, number> {
    let known = places.get(credential);
    if (known === undefined) {
      if (places.size >= ENTRIES_MAX) places.clear();
      known = new Map();
      places.set(credential, known);
    }
    return known;
  }

  function onUse({ atMs, credential, place }: Observation & { kind: "use" }): Detection[] {
    const known = placesOf(credential);
    const isNew = !known.has(place);
    const isYoung = known.size === 0 || atMs - Math.min(...known.values()) < LEARNING_MS;
    const before = known.size;
    if (isNew) known.set(place, atMs);
    if (isYoung) return [];
    if (before === 1 && isNew) return [newPlace(credential, place, "newPlace")];
    if (before > PLACES_OF_A_TRAVELLER) return [];
    // One that travels is somewhere else often; in two places at once it is in two hands.
    const moves = movesOf(credential, { atMs, place });
    const fresh = moves.find((one) => one.place === place && atMs - (known.get(place) ?? 0) < STRANGE_MS);
    const isBetween =
      fresh !== undefined && moves.some((one) => one.place !== place && one.atMs > fresh.atMs);
    return isBetween ? [newPlace(credential, place, "twoPlaces")] : [];
  }

  function newPlace(credential: string, place: string, code: "newPlace" | "twoPlaces"): Detection {
    const how =
      code === "newPlace" ? "until now from one other network only" : "and from another network in between";
    return {
      ...{ kind: "newPlace", key: `${credential} ${place}`, severity: "warning" },
      ...{ code, parameters: { place } },
      title: "An API key is used from a new place",
      detail: `It was used from ${place}, ${how}.`,
    };
  }

  /** Where it was used within the last hours, the last one included. */
  function movesOf(credential: string, last: Move): readonly Move[] {
    if (moves.size >= ENTRIES_MAX) moves.clear();
    const kept = (moves.get(credential) ?? []).filter(({ atMs }) => last.atMs - atMs < BETWEEN_MS).slice(-50);
    kept.push(last);
    moves.set(credential, kept);
    return kept;
  }

  function onRead({ atMs, credential, object, isExport }: Observation & { kind: "read" }): Detection[] {
    const hour = Math.floor(atMs / HOUR_MS);
    const reading = readingOf(credential, hour, atMs);
    if (isExport) reading.exports += 1;
    else if (reading.objects.size < 100_000) reading.objects.add(object);
    const isFar = (count: number, habit: number, floor: number) =>
      count >= floor && count > TIMES_MORE_THAN_EVER * habit;
    const floor = atMs - reading.sinceMs < STRANGER_MS ? OBJECTS_OF_A_STRANGER : OBJECTS_AN_HOUR;
    const isMuch = isFar(reading.objects.size, reading.habit, floor);
    const isManyExports = isFar(reading.exports, reading.exportHabit, EXPORTS_AN_HOUR);
    if (!isMuch && !isManyExports) return [];
    const parameters = {
      things: reading.objects.size,
      exports: reading.exports,
      usualThings: Math.round(reading.habit),
      usualExports: Math.round(reading.exportHabit),
    };
    const { things, exports, usualThings, usualExports } = parameters;
    return [
      {
        ...{ kind: "massExport", key: credential, severity: "critical" },
        ...{ code: "massExport", parameters },
        title: "Far more is read than ever before",
        detail: `${things} different things read and ${exports} exports within an hour; the most until now: ${usualThings} and ${usualExports}.`,
      },
    ];
  }

  function readingOf(credential: string, hour: number, atMs: number): Reading {
    let reading = readings.get(credential);
    if (reading === undefined) {
      if (readings.size >= ENTRIES_MAX) readings.clear();
      const sinceMs = Math.min(atMs, ...(places.get(credential)?.values() ?? []));
      reading = {
        hour,
        objects: new Set(),
        exports: 0,
        habit: 0,
        exportHabit: 0,
        habitAtMs: atMs,
        sinceMs,
      };
      readings.set(credential, reading);
    }
    if (reading.hour === hour) return reading;
    const kept = 0.5 ** ((atMs - reading.habitAtMs) / HABIT_HALF_LIFE_MS);
    reading.habit = Math.max(reading.habit * kept, reading.objects.size);
    reading.exportHabit = Math.max(reading.exportHabit * kept, reading.exports);
    Object.assign(reading, { hour, objects: new Set(), exports: 0, habitAtMs: atMs });
    return reading;
  }
}
