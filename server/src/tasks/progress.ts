// How far an execution is, from its facts: nodes that are settled against nodes there are. Percent never goes back,
// not even when a loop or another attempt begins anew.
import type { Fact, WorkflowDefinition } from "@auraos/kernel";

export type Progress = {
  percent: number;
  stage: string | null;
  settled: Set<string>;
  nodes: ReadonlyMap<string, string>;
};

export function createProgress(nodes: ReadonlyMap<string, string>, percent: number): Progress {
  return { percent, stage: null, settled: new Set(), nodes };
}

/** True = something moved. */
export function follow(progress: Progress, facts: readonly Fact[]): boolean {
  const { percent, stage } = progress;
  for (const fact of facts) {
    if (
      fact.t === "NodeFinished" ||
      fact.t === "NodeFailed" ||
      fact.t === "NodeDead" ||
      fact.t === "NodeCancelled"
    ) {
      if (progress.nodes.has(fact.run)) progress.settled.add(fact.run);
    } else if (fact.t === "ActivityScheduled" || fact.t === "ItemsStarted") {
      const [node = ""] = fact.run.split(/[#/]/);
      progress.stage = progress.nodes.get(node) ?? progress.stage;
    }
  }
  const share = progress.nodes.size === 0 ? 0 : progress.settled.size / progress.nodes.size;
  // The last percent is the end itself.
  progress.percent = Math.max(percent, Math.min(99, Math.floor(share * 100)));
  return progress.percent !== percent || progress.stage !== stage;
}

/** What is left, from the estimate at first and from the pace the further it is; null = nobody knows. */
export function remainingMs(about: {
  percent: number;
  elapsedMs: number;
  estimatedMs: number | null;
}): number | null {
  const { percent, elapsedMs, estimatedMs } = about;
  const byPace = percent > 0 ? (elapsedMs * (100 - percent)) / percent : null;
  const byEstimate = estimatedMs === null ? null : Math.max(0, estimatedMs - elapsedMs);
  if (byPace === null || byEstimate === null) return round(byPace ?? byEstimate);
  return round((byPace * percent + byEstimate * (100 - percent)) / 100);
}

function round(value: number | null): number | null {
  return value === null ? null : Math.round(value);
}

/** The nodes whose end means something for the whole: not those inside of blocks, which may come many times. */
export function topNodes(definition: WorkflowDefinition | undefined): ReadonlyMap<string, string> {
  const own = (definition?.nodes ?? []).filter((node) => node.parent === undefined && node.disabled !== true);
  return new Map(own.map((node) => [node.id, node.name ?? node.id]));
}
