// Seeded traffic of an ordinary fortnight with attacks planted in it, to measure what the detector sees. People mistype
// passwords, share an office's address, forget a password over the holidays; keys sit on servers, on laptops that travel, on
// build machines without a place of their own; some read little, some export each night. An attack knows when it began.
import type { Observation } from "./detect.ts";

export type Planted = {
  kind: "stuffing" | "newPlace" | "massExport";
  key: string;
  fromMs: number;
  toMs: number;
};
export type Traffic = { events: Observation[]; attacks: Planted[]; days: number };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const DAYS = 28;
/** Attacks come when habits are known. */
const QUIET_DAYS = 8;
const PEOPLE = 250;
const OFFICES = 5;
const SERVER_KEYS = 80;
const LAPTOP_KEYS = 25;
const BUILD_KEYS = 10;

export function trafficOf(seed: number): Traffic {
  const random = randomOf(seed);
  const whole = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));
  const pick = <T>(list: readonly T[]): T => list[whole(0, list.length - 1)] as T;
  const events: Observation[] = [];
  const attacks: Planted[] = [];
  const network = () => `${whole(20, 220)}.${whole(0, 255)}.${whole(0, 255)}.0/24`;
  const offices = Array.from({ length: OFFICES }, network);
  const people = Array.from({ length: PEOPLE }, (_, n) => ({
    account: `person-${n}`,
    office: pick(offices),
    home: network(),
    reads: whole(3, 60),
  }));
  const signIn = (atMs: number, place: string, account: string, isGood: boolean) =>
    events.push({ kind: "signIn", atMs, place, account, isGood });

  for (let day = 0; day < DAYS; day += 1) {
    const isWorkday = day % 7 < 5;
    for (const person of people) {
      if (random() > (isWorkday ? 0.8 : 0.08)) continue;
      const place = random() < 0.6 ? person.office : random() < 0.9 ? person.home : network();
      let atMs = day * DAY + 8 * HOUR + Math.floor((random() + random()) * 1.5 * HOUR);
      // One in twelve mistypes; after a holiday some have forgotten, and try what they used to have.
      const wrong = random() < 0.005 ? whole(4, 9) : random() < 0.08 ? whole(1, 3) : 0;
      for (let n = 0; n < wrong; n += 1) {
        signIn(atMs, place, person.account, false);
        atMs += whole(5, 60) * 1_000;
      }
      signIn(atMs, place, person.account, true);
      readAlong(person.account, atMs, person.reads);
    }
  }

  /** Somebody at work: a few hours of looking at one thing after the other. */
  function readAlong(credential: string, fromMs: number, anHour: number): void {
    for (let hour = 0; hour < whole(1, 7); hour += 1) {
      // Once in a while somebody searches for something, and opens a lot.
      const count = Math.floor(anHour * (random() < 0.02 ? 4 : random() * 1.5));
      for (let n = 0; n < count; n += 1)
        events.push({
          ...{ kind: "read", credential, isExport: false },
          atMs: fromMs + hour * HOUR + whole(0, HOUR - 1),
          object: `thing-${whole(0, 20_000)}`,
        });
      if (random() < 0.03) exportOnce(credential, fromMs + hour * HOUR + whole(0, HOUR - 1));
    }
  }

  function exportOnce(credential: string, atMs: number): void {
    events.push({ kind: "read", credential, atMs, object: "export", isExport: true });
  }

  const use = (atMs: number, credential: string, place: string) =>
    events.push({ kind: "use", atMs, credential, place });
  const serverKeys = Array.from({ length: SERVER_KEYS }, (_, n) => ({
    credential: `server-${n}`,
    home: network(),
    bornDay: random() < 0.2 ? whole(1, DAYS - 1) : 0,
    // Reports, backups: at night, always about as much.
    nightly: random() < 0.3 ? whole(20, 900) : 0,
  }));
  for (const { credential, home, bornDay, nightly } of serverKeys)
    for (let day = bornDay; day < DAYS; day += 1) {
      for (let hour = 0; hour < 24; hour += 3)
        use(day * DAY + hour * HOUR + whole(0, HOUR), credential, home);
      for (let n = 0; n < nightly * (0.9 + random() * 0.2); n += 1)
        events.push({
          ...{ kind: "read", credential, isExport: false },
          atMs: day * DAY + 2 * HOUR + whole(0, HOUR - 1),
          object: `row-${day}-${n}`,
        });
      if (nightly > 500) exportOnce(credential, day * DAY + 3 * HOUR);
    }
  // A machine is replaced now and then: nothing is wrong, and a person would still want to know.
  for (const { credential } of serverKeys.slice(0, 2))
    use(whole(QUIET_DAYS, DAYS - 1) * DAY + whole(0, DAY), credential, network());
  for (let n = 0; n < LAPTOP_KEYS; n += 1) {
    const [home, office] = [network(), pick(offices)];
    for (let day = 0; day < DAYS; day += 1) {
      const [morning, evening] = random() < 0.5 ? [home, office] : [office, home];
      for (let hour = 8; hour < 20; hour += 1)
        use(day * DAY + hour * HOUR + whole(0, HOUR), `laptop-${n}`, hour < 13 ? morning : evening);
      // A train, a café, a hotel: for a while, and then home again.
      if (random() < 0.05) use(day * DAY + 20 * HOUR + whole(0, 2 * HOUR), `laptop-${n}`, network());
    }
  }
  for (let n = 0; n < BUILD_KEYS; n += 1)
    for (let day = 0; day < DAYS; day += 1)
      for (let run = 0; run < 6; run += 1)
        use(day * DAY + run * 4 * HOUR + whole(0, HOUR), `build-${n}`, network());

  const when = () => whole(QUIET_DAYS, DAYS - 1) * DAY + whole(0, DAY - 2 * HOUR);
  const anyAccount = () => (random() < 0.3 ? pick(people).account : `nobody:${whole(0, 100_000)}`);
  // One machine with a list of stolen passwords, at different speeds.
  for (let n = 0; n < 20; n += 1) {
    const [atMs, place, gap] = [when(), network(), pick([2, 5, 10, 20, 40])];
    const count = whole(60, 200);
    for (let tried = 0; tried < count; tried += 1)
      signIn(atMs + tried * gap * 1_000, place, anyAccount(), random() < 0.01);
    attacks.push({ kind: "stuffing", key: `place ${place}`, fromMs: atMs, toMs: atMs + count * gap * 1_000 });
  }
  // Many machines, each trying a few.
  for (let n = 0; n < 8; n += 1) {
    const atMs = when();
    for (let tried = 0; tried < 150; tried += 1) signIn(atMs + tried * 5_000, network(), anyAccount(), false);
    attacks.push({ kind: "stuffing", key: "everywhere", fromMs: atMs, toMs: atMs + 150 * 5_000 });
  }
  // Somebody wants one account, from many addresses.
  for (let n = 0; n < 12; n += 1) {
    const [atMs, { account }] = [when(), pick(people)];
    for (let tried = 0; tried < 40; tried += 1) signIn(atMs + tried * 60_000, network(), account, false);
    attacks.push({ kind: "stuffing", key: `account ${account}`, fromMs: atMs, toMs: atMs + 40 * 60_000 });
  }
  // Stolen keys, of servers and of laptops.
  for (let n = 0; n < 30; n += 1) {
    const credential = n < 24 ? `server-${n + 10}` : `laptop-${n - 24}`;
    const [atMs, place] = [when(), network()];
    for (let hour = 0; hour < 6; hour += 1) use(atMs + hour * 40 * MINUTE, credential, place);
    attacks.push({ kind: "newPlace", key: `${credential} ${place}`, fromMs: atMs, toMs: atMs + 4 * HOUR });
  }
  // Somebody takes what they can: fast, or over hours.
  for (let n = 0; n < 24; n += 1) {
    const [atMs, credential] = [when(), n < 16 ? pick(people).account : `server-${n + 20}`];
    const [count, gap] = pick([
      [3_000, 500],
      [2_000, 2_000],
      [1_200, 6_000],
      [5_000, 200],
    ] as const);
    for (let at = 0; at < count; at += 1)
      events.push({
        kind: "read",
        credential,
        atMs: atMs + at * gap,
        object: `taken-${n}-${at}`,
        isExport: false,
      });
    attacks.push({ kind: "massExport", key: credential, fromMs: atMs, toMs: atMs + count * gap });
  }
  for (let n = 0; n < 8; n += 1) {
    const [atMs, { account }] = [when(), pick(people)];
    for (let at = 0; at < 25; at += 1) exportOnce(account, atMs + at * MINUTE);
    attacks.push({ kind: "massExport", key: account, fromMs: atMs, toMs: atMs + 25 * MINUTE });
  }
  events.sort((one, other) => one.atMs - other.atMs);
  return { events, attacks, days: DAYS };
}

/** mulberry32 */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
