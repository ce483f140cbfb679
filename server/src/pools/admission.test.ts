// Admission: limits hold at every start, shares are fair, nothing starves. The seeds are named where a run is random.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Admission, type AdmissionItem, createAdmission, type PoolLimits } from "./admission.ts";

const open: PoolLimits = { slots: null, rate: null, weights: {}, isPaused: false };
let count = 0;

function item(more: Partial<AdmissionItem> = {}): AdmissionItem {
  count += 1;
  return {
    ...{ id: `item-${count}`, orgId: "a", fairKey: "", priority: 0, sinceMs: 0, estimatedMs: 1_000 },
    places: { db: 1 },
    ...more,
  };
}

function all(admission: Admission, nowMs: number): AdmissionItem[] {
  const started: AdmissionItem[] = [];
  for (let next = admission.next(nowMs); next; next = admission.next(nowMs)) started.push(next);
  return started;
}

test("no more than the slots, and the next one when a place comes back", () => {
  const admission = createAdmission({ placesMax: 100 });
  admission.setPool("a", "db", { ...open, slots: 3 });
  const items = Array.from({ length: 5 }, (_, index) =>
    item({ sinceMs: index, places: { db: index === 4 ? 2 : 1 } }),
  );
  for (const one of items) admission.add(one);
  assert.deepEqual(
    all(admission, 10).map(({ id }) => id),
    items.slice(0, 3).map(({ id }) => id),
  );
  admission.release(items[0]?.id ?? "", 20);
  assert.deepEqual(
    all(admission, 20).map(({ id }) => id),
    [items[3]?.id],
  );
  admission.release(items[1]?.id ?? "", 30);
  assert.equal(all(admission, 30).length, 0, "one place is free and it needs two");
  admission.release(items[2]?.id ?? "", 40);
  assert.equal(all(admission, 40).length, 1);
  assert.equal(admission.used("a", "db"), 3);
});

test("a pool that is missing or paused starts nothing", () => {
  const admission = createAdmission({ placesMax: 100 });
  admission.add(item({ places: { none: 1 } }));
  assert.equal(all(admission, 0).length, 0);
  admission.setPool("a", "none", { ...open, isPaused: true });
  assert.equal(all(admission, 0).length, 0);
  admission.setPool("a", "none", open);
  assert.equal(all(admission, 0).length, 1);
});

test("the rate holds in every stretch, and says when it goes on", () => {
  const admission = createAdmission({ placesMax: 1_000 });
  admission.setPool("a", "api", { ...open, rate: { count: 3, ms: 1_000 } });
  for (let index = 0; index < 40; index += 1) admission.add(item({ places: { api: 1 } }));
  const starts: number[] = [];
  for (let now = 0; now < 5_000; now += 70) {
    for (const one of all(admission, now)) {
      starts.push(now);
      admission.release(one.id, now);
    }
  }
  for (const start of starts)
    assert.ok(starts.filter((at) => at > start - 1_000 && at <= start).length <= 3, `at ${start}`);
  assert.ok(starts.length >= 12, `${starts.length} started`);
  const next = admission.nextChangeMs(5_000) ?? 0;
  assert.ok(next > 5_000 && next <= 6_000, String(next));
});

test("priority goes first, and waiting makes up for it", () => {
  const admission = createAdmission({ placesMax: 1 });
  admission.setPool("a", "db", open);
  const old = item({ sinceMs: 0 });
  const urgent = item({ sinceMs: 100_000, priority: 5 });
  const newer = item({ sinceMs: 400_000, priority: 5 });
  for (const one of [old, urgent, newer]) admission.add(one);
  const order: string[] = [];
  for (let now = 400_000; order.length < 3; now += 1_000)
    for (const one of all(admission, now)) {
      order.push(one.id);
      admission.release(one.id, now + 500);
    }
  // Five steps are worth five minutes: the old one has waited 300 s longer than the newer, but not than the urgent.
  assert.deepEqual(order, [urgent.id, old.id, newer.id]);
});

test("what needs many places is not passed for ever by what needs few", () => {
  const admission = createAdmission({ placesMax: 100 });
  admission.setPool("a", "db", { ...open, slots: 4 });
  const big = item({ sinceMs: 0, places: { db: 4 } });
  const running: { id: string; untilMs: number }[] = [];
  let startedAt: number | undefined;
  admission.add(item());
  for (const one of all(admission, 0)) running.push({ id: one.id, untilMs: 700 });
  admission.add(big);
  for (let now = 0; now < 120_000 && startedAt === undefined; now += 500) {
    admission.add(item({ sinceMs: now }));
    for (const one of running.filter(({ untilMs }) => untilMs <= now)) {
      admission.release(one.id, now);
      running.splice(running.indexOf(one), 1);
    }
    for (const one of all(admission, now)) {
      if (one.id === big.id) startedAt = now;
      else running.push({ id: one.id, untilMs: now + 2_700 });
    }
  }
  assert.ok(startedAt !== undefined && startedAt < 60_000, `started at ${startedAt}`);
});

/** Place-seconds that each of them got while all of them wanted more. */
function shares(about: { weights: Record<string, number>; by: "fairKey" | "orgId"; seed: number }) {
  const random = randomOf(about.seed);
  const admission = createAdmission({ placesMax: 8 });
  const names = Object.keys(about.weights);
  for (const name of names) {
    const orgId = about.by === "orgId" ? name : "a";
    admission.setPool(orgId, "db", {
      ...open,
      slots: 8,
      weights: about.by === "fairKey" ? about.weights : {},
    });
    if (about.by === "orgId") admission.setWeight(orgId, about.weights[name] ?? 1);
  }
  const got = new Map<string, number>();
  const running: { item: AdmissionItem; untilMs: number; startMs: number }[] = [];
  for (const [index, name] of names.entries())
    for (let n = 0; n < 8_000; n += 1)
      // One of them has runs ten times as long, and says nothing of it.
      admission.add(item({ [about.by]: name, sinceMs: n * (index + 1) }));
  for (let now = 0; now < 600_000; now += 100) {
    for (const one of running.filter(({ untilMs }) => untilMs <= now)) {
      admission.release(one.item.id, now);
      got.set(one.item[about.by], (got.get(one.item[about.by]) ?? 0) + now - one.startMs);
      running.splice(running.indexOf(one), 1);
    }
    for (const one of all(admission, now)) {
      const length = one[about.by] === names[0] ? 8_000 : 1_000;
      running.push({ item: one, startMs: now, untilMs: now + 100 + Math.floor(random() * length) });
    }
  }
  const total = [...got.values()].reduce((sum, ms) => sum + ms, 0);
  const weights = Object.values(about.weights).reduce((sum, weight) => sum + weight, 0);
  return names.map((name) => (got.get(name) ?? 0) / total - (about.weights[name] ?? 0) / weights);
}

for (const by of ["orgId", "fairKey"] as const)
  test(`under saturation ${by} get what their weights say, within 5 %, however long their runs are`, () => {
    for (const seed of [1, 2, 3]) {
      const errors = shares({ weights: { x: 1, y: 2, z: 5 }, by, seed });
      for (const error of errors) assert.ok(Math.abs(error) <= 0.05, `seed ${seed}: ${errors.join(" ")}`);
    }
  });

test("an organization that was idle has no claim on the past", () => {
  const admission = createAdmission({ placesMax: 1 });
  admission.setPool("a", "db", open);
  admission.setPool("b", "db", open);
  for (let n = 0; n < 100; n += 1) admission.add(item({ orgId: "a" }));
  for (let now = 0; now < 50_000; now += 1_000)
    for (const one of all(admission, now)) admission.release(one.id, now + 900);
  for (let n = 0; n < 100; n += 1) admission.add(item({ orgId: "b" }));
  const order: string[] = [];
  for (let now = 60_000; order.length < 20; now += 1_000)
    for (const one of all(admission, now)) {
      order.push(one.orgId);
      admission.release(one.id, now + 900);
    }
  const ofA = order.filter((org) => org === "a").length;
  assert.ok(ofA >= 8 && ofA <= 12, order.join(""));
});

test("random work, limits that change, restarts: never over a limit, nothing lost, nothing twice", () => {
  for (let seed = 1; seed <= 30; seed += 1) storm(seed);
});

function storm(seed: number): void {
  const random = randomOf(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const limits = new Map<string, PoolLimits>();
  const waiting = new Map<string, AdmissionItem>();
  const running = new Map<string, { item: AdmissionItem; startMs: number }>();
  const starts: { pool: string; at: number }[] = [];
  const done = new Set<string>();
  let admission = createAdmission({ placesMax: 12 });
  const setPool = (org: string, name: string) => {
    const made: PoolLimits = {
      slots: random() < 0.3 ? null : 1 + Math.floor(random() * 6),
      rate: random() < 0.5 ? null : { count: 1 + Math.floor(random() * 5), ms: 500 },
      weights: {},
      isPaused: random() < 0.1,
    };
    limits.set(`${org}/${name}`, made);
    admission.setPool(org, name, made);
  };
  for (const org of ["a", "b"]) for (const name of ["x", "y"]) setPool(org, name);
  const used = (org: string, name: string) =>
    [...running.values()].reduce(
      (sum, one) => sum + (one.item.orgId === org ? (one.item.places[name] ?? 0) : 0),
      0,
    );
  let added = 0;
  for (let now = 0; now < 20_000; now += 50) {
    if (random() < 0.6 && now < 12_000) {
      const places = pick([{ x: 1 }, { y: 1 }, { x: 1, y: 2 }, { x: 3 }]) as Record<string, number>;
      const one = item({
        orgId: pick(["a", "b"]),
        fairKey: pick(["k", "l"]),
        sinceMs: now,
        places,
        estimatedMs: 200,
      });
      added += 1;
      waiting.set(one.id, one);
      admission.add(one);
    }
    if (random() < 0.02) setPool(pick(["a", "b"]), pick(["x", "y"]));
    for (const [id] of running)
      if (random() < 0.3) {
        running.delete(id);
        done.add(id);
        admission.release(id, now);
      }
    if (random() < 0.01) {
      // Everything is read again, as after the death of the process.
      admission = createAdmission({ placesMax: 12 });
      for (const [key, made] of limits) admission.setPool(key.slice(0, 1), key.slice(2), made);
      for (const { item: one } of running.values()) admission.hold(one, -1_000_000);
      for (const { pool, at } of starts)
        if (at > now - 500) admission.countStart(pool.slice(0, 1), pool.slice(2), at);
      for (const one of waiting.values()) admission.add(one);
    }
    for (let next = admission.next(now); next; next = admission.next(now)) {
      const before = waiting.get(next.id);
      assert.ok(before, `seed ${seed}: ${next.id} started twice or never wanted to`);
      waiting.delete(next.id);
      for (const [name, places] of Object.entries(next.places)) {
        const limit = limits.get(`${next.orgId}/${name}`) as PoolLimits;
        assert.ok(!limit.isPaused, `seed ${seed}: a paused pool`);
        assert.ok(
          limit.slots === null || used(next.orgId, name) + places <= limit.slots,
          `seed ${seed}: slots`,
        );
        const recent = starts.filter(
          ({ pool, at }) => pool === `${next?.orgId}/${name}` && at > now - 500,
        ).length;
        assert.ok(!limit.rate || recent < limit.rate.count, `seed ${seed}: rate at ${now}`);
        starts.push({ pool: `${next.orgId}/${name}`, at: now });
      }
      running.set(next.id, { item: next, startMs: now });
      assert.ok(running.size <= 12);
    }
  }
  assert.equal(waiting.size + running.size + done.size, added, `seed ${seed}: something was lost`);
}

function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), state | 1) + 0x6d2b79f5) | 0;
    let mixed = state ^ (state + Math.imul(state ^ (state >>> 7), state | 61));
    mixed = (mixed ^ (mixed >>> 14)) >>> 0;
    return mixed / 2 ** 32;
  };
}
