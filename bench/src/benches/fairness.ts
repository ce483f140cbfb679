// Admission to pools: what a start costs while 100,000 wait, and how far shares are from what weights say when everybody
// wants more than there is.
import { type AdmissionItem, createAdmission } from "@auraos/server";
import { type Bench, type Figure, figureOf } from "../figure.ts";

const QUEUED = 100_000;
const SLOTS = 64;
const ORGANIZATIONS = 20;
const KEYS = 50;
const open = { slots: SLOTS, rate: null, weights: {}, isPaused: false };

export const fairness: Bench = {
  about: "Pools: cost of a start with 100,000 queued, and the error of shares under saturation.",
  run: async ({ n = QUEUED, note }) => {
    note(`queueing ${n}`);
    return [...dispatch(n), shareError("organizations", n), shareError("keys", n)];
  },
};

function dispatch(n: number): Figure[] {
  const admission = createAdmission({ placesMax: SLOTS });
  for (let org = 0; org < ORGANIZATIONS; org += 1) admission.setPool(`org-${org}`, "pool", open);
  const queuedAt = performance.now();
  for (let at = 0; at < n; at += 1)
    admission.add(itemOf(at, `org-${at % ORGANIZATIONS}`, `key-${at % KEYS}`));
  const queuedMs = performance.now() - queuedAt;
  const startedAt = performance.now();
  let started = 0;
  for (let now = 0; admission.waitingCount() > 0; now += 10)
    for (let next = admission.next(now); next; next = admission.next(now)) {
      started += 1;
      admission.release(next.id, now + 10);
    }
  const startedMs = performance.now() - startedAt;
  if (started !== n) throw new Error(`${started} of ${n} started`);
  return [
    figureOf("fairness", "queueing_one", (queuedMs * 1000) / n, "us"),
    figureOf("fairness", "starting_one", (startedMs * 1000) / n, "us"),
  ];
}

/** The largest difference between the share somebody got, in place-seconds, and what the weights say. */
function shareError(of: "organizations" | "keys", n: number): Figure {
  const weights = { one: 1, two: 2, three: 3, four: 4 };
  const names = Object.keys(weights) as (keyof typeof weights)[];
  const admission = createAdmission({ placesMax: SLOTS });
  for (const name of names) {
    admission.setPool(of === "keys" ? "org" : name, "pool", { ...open, weights });
    if (of === "organizations") admission.setWeight(name, weights[name]);
  }
  const nameOf = (item: AdmissionItem) => (of === "keys" ? item.fairKey : item.orgId) as keyof typeof weights;
  for (let at = 0; at < n; at += 1) {
    const name = names[at % names.length] ?? "one";
    admission.add(of === "keys" ? itemOf(at, "org", name) : itemOf(at, name, ""));
  }
  const got = { one: 0, two: 0, three: 0, four: 0 };
  const running: { item: AdmissionItem; untilMs: number; sinceMs: number }[] = [];
  let seed = 1;
  // Until a third is through: all of them still want more.
  for (let now = 0, through = 0; through < n / 6; now += 100) {
    for (let place = running.length - 1; place >= 0; place -= 1) {
      const one = running[place];
      if (one === undefined || one.untilMs > now) continue;
      running.splice(place, 1);
      admission.release(one.item.id, now);
      got[nameOf(one.item)] += now - one.sinceMs;
      through += 1;
    }
    for (let next = admission.next(now); next; next = admission.next(now)) {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      // Runs of the first take eight times as long, and nobody is told.
      const longest = nameOf(next) === "one" ? 16_000 : 2_000;
      running.push({ item: next, sinceMs: now, untilMs: now + 100 + (seed % longest) });
    }
  }
  const total = Object.values(got).reduce((sum, ms) => sum + ms, 0);
  const errors = names.map((name) => Math.abs(got[name] / total - weights[name] / 10));
  return figureOf("fairness", `share_error_of_${of}`, 100 * Math.max(...errors), "%");
}

function itemOf(at: number, orgId: string, fairKey: string): AdmissionItem {
  return {
    id: `${at}`,
    orgId,
    fairKey,
    priority: at % 7,
    sinceMs: at,
    estimatedMs: 1_000,
    places: { pool: 1 },
  };
}
