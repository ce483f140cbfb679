// What an erasure did, in counts: it names nobody.
import type { ErasureReport } from "@auraos/contract";

type Why = ErasureReport["kept"][number]["why"];
const IDS_MAX = 20;

export type Report = {
  erased(where: string, count?: number): void;
  kept(what: string, why: Why, id: string): void;
  done(): ErasureReport;
};

export function createReport(): Report {
  const erased: Record<string, number> = {};
  const kept = new Map<string, ErasureReport["kept"][number]>();
  return {
    erased(where, count = 1) {
      if (count > 0) erased[where] = (erased[where] ?? 0) + count;
    },
    kept(what, why, id) {
      const name = `${what} ${why}`;
      const known = kept.get(name) ?? { what, why, count: 0, ids: [] };
      known.count += 1;
      if (known.ids.length < IDS_MAX) known.ids.push(id);
      kept.set(name, known);
    },
    done: () => ({ erased, kept: [...kept.values()] }),
  };
}

/** Rounds of one erasure together: what was erased adds up, what is kept is what the last round kept. */
export function together(before: ErasureReport | undefined, now: ErasureReport): ErasureReport {
  const erased: Record<string, number> = { ...before?.erased };
  for (const [where, count] of Object.entries(now.erased)) erased[where] = (erased[where] ?? 0) + count;
  return { erased, kept: now.kept };
}
