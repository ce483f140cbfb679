// What pools promise: places and rates are never exceeded, whoever leads; among equals, priority and waiting decide.
import type { ServiceEvidence } from "./all.ts";
import type { RunRow } from "./tasks.ts";

/** How long a run may be ready before who leads knows it. */
const KNOWN_AFTER_MS = 5_000;
const AGING_MS = 60_000;
/** From the choice of a run to the statement that says so. */
const WRITTEN_MS = 400;

type Held = { runId: string; fromMs: number; toMs: number; wallMs: number; epoch: number };

export async function checkPools(evidence: ServiceEvidence): Promise<void> {
  const { database, verdict, people, plan, admitted } = evidence;
  const rows = (await database.admin(
    "SELECT id, task_id, status, ready_at, created_at, attempt, admitted_at FROM task_executions",
  )) as RunRow[];
  const runs = new Map(rows.map((row) => [row.id, row]));
  const taskOf = (runId: string) => people.tasks.find(({ id }) => id === runs.get(runId)?.task_id);
  const all = heldOf(evidence);
  const isSlow = evidence.wasSlow;
  for (const pool of plan.pools) {
    const own = all.filter(({ runId }) => (taskOf(runId)?.resources[pool.name] ?? 0) > 0);
    for (const start of own) {
      const held = own.filter(({ fromMs, toMs }) => fromMs <= start.fromMs && toMs > start.fromMs);
      const places = held.reduce((sum, { runId }) => sum + (taskOf(runId)?.resources[pool.name] ?? 0), 0);
      if (pool.slots !== null && places > pool.slots)
        verdict.illegal(
          "over-limit",
          `${places} places of ${pool.name} are taken at ${start.fromMs}, and it has ${pool.slots}`,
        );
    }
    const { rate } = pool;
    if (rate === null || isSlow) continue;
    const times = own.map(({ wallMs }) => wallMs).sort((a, b) => a - b);
    for (const [at, time] of times.entries()) {
      const later = times[at + rate.count];
      if (later !== undefined && later - time < rate.seconds * 1_000 - WRITTEN_MS && !hasJumps(evidence))
        verdict.illegal(
          "over-rate",
          `${rate.count + 1} runs took ${pool.name} within ${later - time} ms, ${rate.count} may in ${rate.seconds} s`,
        );
    }
  }
  checkTurns(evidence, runs);
  if (admitted.length > 0 && all.length === 0)
    verdict.illegal("no-evidence", "places were taken and none was seen");
}

/** From the statement that takes the places to the end of the execution that they were taken for. */
function heldOf({ admitted, engines }: ServiceEvidence): Held[] {
  const byCause = new Map(engines.executions.map((execution) => [execution.request.cause, execution]));
  const attempts = new Map<string, number>();
  return admitted.map(({ runId, atMs, wallMs, epoch }) => {
    const attempt = (attempts.get(runId) ?? 0) + 1;
    attempts.set(runId, attempt);
    const execution = byCause.get(`task/${runId}/${attempt}`);
    return { runId, fromMs: atMs, wallMs, epoch, toMs: execution?.endMs ?? Number.POSITIVE_INFINITY };
  });
}

/** Of two that want the same places under the same key, the later and lesser one never comes first. */
function checkTurns(evidence: ServiceEvidence, runs: ReadonlyMap<string, RunRow>): void {
  const { verdict, people, admitted, cluster } = evidence;
  if (hasJumps(evidence) || evidence.plan.scale !== "seconds") return;
  const taskOf = (row: RunRow | undefined) => people.tasks.find(({ id }) => id === row?.task_id);
  const firsts = new Map<string, number>();
  for (const { runId, wallMs } of admitted) if (!firsts.has(runId)) firsts.set(runId, wallMs);
  const offsetMs = cluster.wallMs();
  const queued = [...firsts].flatMap(([id, wallMs]) => {
    const row = runs.get(id);
    const task = taskOf(row);
    if (!row?.ready_at || !task || row.attempt !== 1 || offsetMs < wallMs) return [];
    const lane = `${task.fairKey} ${JSON.stringify(task.resources)}`;
    const readyMs = row.ready_at.getTime();
    return [{ id, name: task.name, lane, wallMs, readyMs, score: readyMs - task.priority * AGING_MS }];
  });
  for (const own of Map.groupBy(queued, ({ lane }) => lane).values())
    for (const one of own)
      for (const other of own)
        if (
          other.wallMs > one.wallMs &&
          other.readyMs < one.wallMs - KNOWN_AFTER_MS &&
          other.score < one.score
        )
          verdict.illegal(
            "overtaken",
            `${other.name} (${other.id}) was ready ${one.wallMs - other.readyMs} ms before ${one.name} (${one.id}) came first`,
          );
}

function hasJumps({ plan }: ServiceEvidence): boolean {
  return plan.moments.some(({ do: deed }) => ["jump", "down", "warp", "stall"].includes(deed.kind));
}
