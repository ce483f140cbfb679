// Reads the database and the recorder after the last kill and holds them against what was promised. Written from the
// promises, not from the code:
//   lost        an accepted start that has not ended as it must, with exactly its output
//   duplicated  one start that became two executions; an effect done again although its completion was in the journal;
//               a `once` effect done twice
//   illegal     a history with a gap, one that goes on after its end, or one that does not fold to what the row says
import { isDeepStrictEqual } from "node:util";
import { compileTemplate } from "@auraos/expression";
import { compile, evolve, type Fact, newState, type Program, type WorkflowDefinition } from "@auraos/kernel";
import { findNodeType } from "@auraos/nodes";
import { openPool } from "@auraos/server/platform/db.ts";
import { type OpenedExecution, type OpenedTurn, openedBodies } from "@auraos/server/testing/openedBodies.ts";
import type { Accepted } from "./clients.ts";
import type { EffectCall, Recorder } from "./recorder.ts";

export type Verdict = {
  lost: string[];
  duplicated: string[];
  illegal: string[];
  executions: number;
  turns: number;
};

type Row = OpenedExecution;
type Turn = OpenedTurn;

export async function judge(
  { url, dataDir }: { url: string; dataDir: string },
  accepted: readonly Accepted[],
  definitions: readonly WorkflowDefinition[],
  recorder: Recorder,
): Promise<Verdict> {
  const pool = openPool(url, { role: "auraos_owner", name: "verdict", max: 2 });
  try {
    const opened = openedBodies(pool, dataDir);
    const rows = new Map((await opened.executions()).map((row) => [row.id, row]));
    const turns = Map.groupBy(await opened.turns(), (row) => row.id);
    return {
      lost: lost(rows, accepted),
      duplicated: [
        ...startedTwice(rows, accepted),
        ...doneAgain(turns, recorder.calls),
        ...paidTwice(recorder),
      ],
      illegal: illegal(rows, turns, new Map(definitions.map((one) => [one.name, programOf(one)]))),
      executions: rows.size,
      turns: [...turns.values()].reduce((sum, list) => sum + list.length, 0),
    };
  } finally {
    await pool.end();
  }
}

/** Executions that are not over. */
export async function countOpen(url: string): Promise<number> {
  const pool = openPool(url, { role: "auraos_owner", name: "verdict", max: 1 });
  try {
    const { rows } = await pool.query<{ open: number }>("SELECT count(*)::int AS open FROM open_executions");
    return rows[0]?.open ?? 0;
  } finally {
    await pool.end();
  }
}

function lost(rows: ReadonlyMap<string, Row>, accepted: readonly Accepted[]): string[] {
  return accepted.flatMap(({ id, executionId, story }) => {
    const row = rows.get(executionId);
    const about = `${story.definition.name} ${id} (${executionId})`;
    if (row === undefined) return [`${about} is not there`];
    if (row.status !== "succeeded") return [`${about} is ${row.status}`];
    const output: unknown = row.output === null ? null : JSON.parse(row.output);
    return isDeepStrictEqual(output, story.output(id)) ? [] : [`${about} gave ${row.output}`];
  });
}

function startedTwice(rows: ReadonlyMap<string, Row>, accepted: readonly Accepted[]): string[] {
  const names = new Set(accepted.map(({ story }) => story.definition.name));
  const seen = new Set<string>();
  return [...rows.values()].flatMap(({ id, workflow, input }) => {
    if (!names.has(workflow)) return [];
    const what = `${workflow} ${input}`;
    if (seen.has(what)) return [`${what} has two executions, one is ${id}`];
    seen.add(what);
    return [];
  });
}

/** A call that came after the turn in which its effect's completion is recorded. */
function doneAgain(turns: ReadonlyMap<string, Turn[]>, calls: ReadonlyMap<string, EffectCall[]>): string[] {
  const completedAtMs = new Map<string, number>();
  for (const [id, history] of turns)
    for (const { atMs, body } of history)
      for (const fact of JSON.parse(body) as Fact[])
        for (const command of completionsIn(fact)) {
          const key = `${id}/${command}/0`;
          if (!completedAtMs.has(key)) completedAtMs.set(key, atMs);
        }
  return [...calls].flatMap(([path, list]) =>
    list.flatMap(({ key, atMs }) => {
      const completed = key === null ? undefined : completedAtMs.get(key);
      return completed !== undefined && atMs > completed
        ? [`${path} was done again ${atMs - completed} ms after its completion`]
        : [];
    }),
  );
}

function completionsIn(fact: Fact): string[] {
  if (fact.t === "ItemsSettled") return fact.results.map(([item]) => `${fact.run}:${item}`);
  return fact.t === "NodeFinished" ? [fact.run, `${fact.run}:0`] : [];
}

function paidTwice({ calls }: Recorder): string[] {
  return [...calls].flatMap(([path, list]) =>
    path.startsWith("/pay/") && list.length > 1 ? [`${path} was paid ${list.length} times`] : [],
  );
}

function illegal(
  rows: ReadonlyMap<string, Row>,
  turns: ReadonlyMap<string, Turn[]>,
  programs: ReadonlyMap<string, Program>,
): string[] {
  return [...rows.values()].flatMap((row) => {
    const history = turns.get(row.id) ?? [];
    const gap = history.find((turn, at) => turn.seq !== at + 1);
    if (gap !== undefined) return [`${row.id}: turn ${gap.seq} does not follow the one before`];
    const facts = history.flatMap(({ body }) => JSON.parse(body) as Fact[]);
    const end = facts.findIndex((fact) => fact.t === "ExecutionFinished");
    if (end >= 0 && end < facts.length - 1) return [`${row.id} goes on after its end`];
    const program = programs.get(row.workflow);
    if (program === undefined) return [`${row.id} is of an unknown workflow ${row.workflow}`];
    try {
      const state = newState();
      for (const fact of facts) evolve(program, state, fact);
      const isSame = end < 0 || (state.status === row.status && sameOutput(state.output, row.output));
      return isSame ? [] : [`${row.id} folds to ${state.status}, its row says ${row.status}`];
    } catch (error) {
      return [`${row.id} does not fold: ${String(error)}`];
    }
  });
}

function sameOutput(output: unknown, stored: string | null): boolean {
  return isDeepStrictEqual(output ?? null, stored === null ? null : JSON.parse(stored));
}

function programOf(definition: WorkflowDefinition): Program {
  const compiled = compile(definition, findNodeType, { compileTemplate });
  if (compiled.ok) return compiled.program;
  throw new Error(`"${definition.name}": ${JSON.stringify(compiled.problems)}`);
}
