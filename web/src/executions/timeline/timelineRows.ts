// Node runs as the rows of a timeline. Pure, so that the order can be read off a test.
//
//   a run                     its own row, indented by how deep it stands
//   iterations of a block     a row each ("Iteration 3"), folding what ran in it; the only body of a block
//                             needs no row of its own
//
// Runs are named by their path: `orders#3/fulfil#undo0/release` is `release` in the scope `undo0` of the run
// `orders#3/fulfil`. Rows come in the order of their start, what is inside a block after it.
import type { NodeRunView } from "@auraos/contract";

export type RunRow = { kind: "run"; key: string; depth: number; run: NodeRunView };
export type ScopeRow = {
  kind: "scope";
  key: string;
  depth: number;
  /** `3` = the fourth iteration; else a section such as `undo0`. */
  scope: string;
  status: NodeRunView["status"];
  startedAt: string;
  endedAt: string | null;
  isOpen: boolean;
  runs: number;
};
export type TimelineRow = RunRow | ScopeRow;

type Scope = { key: string; name: string; runs: NodeRunView[] };

export function timelineRows(
  runs: readonly NodeRunView[],
  isFolded: (scope: string) => boolean,
): TimelineRow[] {
  const inside = new Map<string, Map<string, Scope>>();
  const top: NodeRunView[] = [];
  for (const run of runs) {
    const cut = run.run.lastIndexOf("/");
    if (cut === -1) {
      top.push(run);
      continue;
    }
    const key = run.run.slice(0, cut);
    const hash = key.lastIndexOf("#");
    const block = key.slice(0, hash);
    const scopes = inside.get(block) ?? new Map<string, Scope>();
    inside.set(block, scopes);
    const scope = scopes.get(key) ?? { key, name: key.slice(hash + 1), runs: [] };
    scopes.set(key, scope);
    scope.runs.push(run);
  }
  const rows: TimelineRow[] = [];
  const add = (list: readonly NodeRunView[], depth: number): void => {
    for (const run of list) {
      rows.push({ kind: "run", key: run.run, depth, run });
      const scopes = [...(inside.get(run.run)?.values() ?? [])];
      const iterations = scopes.filter(({ name }) => /^\d+$/.test(name));
      for (const scope of scopes.sort(byIteration)) {
        if (iterations.length === 1 && scope === iterations[0]) add(scope.runs, depth + 1);
        else addScope(scope, depth + 1);
      }
    }
  };
  const addScope = (scope: Scope, depth: number): void => {
    const isOpen = !isFolded(scope.key);
    rows.push(scopeRow(scope, depth, isOpen));
    if (isOpen) add(scope.runs, depth + 1);
  };
  add(top, 0);
  return rows;
}

/** Whether the run stands in this scope, however deep. */
export function isWithin(scope: string, run: string | undefined): boolean {
  return run?.startsWith(`${scope}/`) === true || run?.startsWith(`${scope}#`) === true;
}

function scopeRow({ key, name, runs }: Scope, depth: number, isOpen: boolean): ScopeRow {
  const ends = runs.map(({ endedAt }) => endedAt);
  return {
    kind: "scope",
    key,
    depth,
    scope: name,
    status: worst(runs),
    startedAt: runs.map(({ startedAt }) => startedAt).sort()[0] ?? "",
    endedAt: ends.includes(null) ? null : (ends.toSorted().at(-1) ?? null),
    isOpen,
    runs: runs.length,
  };
}

const bySeverity: readonly NodeRunView["status"][] = [
  "failed",
  "parked",
  "waiting",
  "running",
  "succeeded",
  "cancelled",
  "skipped",
];

function worst(runs: readonly NodeRunView[]): NodeRunView["status"] {
  return bySeverity.find((status) => runs.some((run) => run.status === status)) ?? "succeeded";
}

function byIteration(a: Scope, b: Scope): number {
  const [left, right] = [Number(a.name), Number(b.name)];
  if (Number.isNaN(left) || Number.isNaN(right))
    return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
  return left - right;
}
