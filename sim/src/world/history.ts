// What the database has committed, noted down beside the store under test: turns in commit order with the epoch they
// were written under. The checks read this record and nothing else, so a store that forgets is noticed too.
import type { Fact, Json } from "@auraos/kernel";
import type { FlushBatch, StartRow } from "@auraos/server/engine/store.ts";
import type { Verdict } from "./verdict.ts";

export type TurnRecord = {
  seq: number;
  epoch: number;
  /** Place in the order of all commits. */
  commit: number;
  facts: readonly Fact[];
};

export type ExecutionRecord = {
  id: string;
  start: StartRow;
  turns: TurnRecord[];
  /** Beginning and end of its effect keys. */
  keys: { root: string; generation: number };
  /** Attempts that a durable turn has scheduled: `command/attempt`, with `?` for a question. */
  scheduled: Set<string>;
  /** Attempts whose intent is durable. */
  intended: Set<string>;
  /** Steps of activities and what was decided between them, by command. */
  steps: Map<string, Json[]>;
  /** Ids of signals that a durable fact speaks of. */
  signals: Set<string>;
  /** Waits that were opened, and whether they are closed. */
  waits: Map<string, { isClosed: boolean }>;
  /** Runs, items and compensations that wait for a person, `run` or `run:item`, and of which attempt. */
  setAside: Map<string, number>;
  /** Facts by kind, for quick questions. */
  kinds: Set<Fact["t"]>;
  end: (Fact & { t: "ExecutionFinished" }) | null;
  reply: (Fact & { t: "Replied" }) | null;
  /** The store says that it was set aside. */
  isParked: boolean;
};

export type History = {
  executions: Map<string, ExecutionRecord>;
  record(epoch: number, batch: FlushBatch): void;
  commits(): number;
  turns(): number;
  /** Told of every turn as it commits. */
  onTurn: (execution: ExecutionRecord, turn: TurnRecord) => void;
};

export function createHistory(blobs: ReadonlyMap<string, Uint8Array>, verdict: Verdict): History {
  const executions = new Map<string, ExecutionRecord>();
  let commits = 0;
  let turns = 0;
  let lastEpoch = 0;

  const history: History = {
    executions,
    commits: () => commits,
    turns: () => turns,
    onTurn: () => {},
    record: (epoch, batch) => {
      commits++;
      if (epoch < lastEpoch)
        verdict.illegal(
          "writers-interleaved",
          `a flush of epoch ${epoch} committed after epoch ${lastEpoch}`,
        );
      lastEpoch = epoch;
      for (const start of batch.starts) {
        if (executions.has(start.executionId))
          verdict.illegal("started-twice", `execution ${start.executionId} has two start rows`);
        else executions.set(start.executionId, newRecord(start));
      }
      for (const row of batch.turns) {
        const execution = executions.get(row.executionId);
        if (execution === undefined) {
          verdict.illegal("turn-without-start", `turn ${row.seq} of ${row.executionId} has no start row`);
          continue;
        }
        turns++;
        const turn = { seq: row.seq, epoch, commit: commits, facts: readFacts(row.body, blobs) };
        execution.turns.push(turn);
        for (const fact of turn.facts) note(execution, fact);
        history.onTurn(execution, turn);
      }
      for (const update of batch.updates) {
        const execution = executions.get(update.executionId);
        if (execution) execution.isParked = update.status === "parked";
      }
    },
  };
  return history;
}

function newRecord(start: StartRow): ExecutionRecord {
  return {
    id: start.executionId,
    start,
    turns: [],
    keys: { root: start.executionId, generation: 0 },
    scheduled: new Set(),
    intended: new Set(),
    steps: new Map(),
    signals: new Set(),
    waits: new Map(),
    setAside: new Map(),
    kinds: new Set(),
    end: null,
    reply: null,
    isParked: false,
  };
}

function note(execution: ExecutionRecord, fact: Fact): void {
  execution.kinds.add(fact.t);
  switch (fact.t) {
    case "ExecutionStarted":
      execution.keys = { root: fact.start.effectRoot, generation: fact.start.generation };
      return;
    case "ActivityScheduled":
      execution.scheduled.add(`${fact.command}/${fact.attempt}${fact.confirm ? "?" : ""}`);
      return;
    case "ActivityStarted":
      execution.intended.add(`${fact.command}/${fact.attempt}`);
      return;
    case "ActivityProgressed":
      execution.steps.set(fact.command, [...(execution.steps.get(fact.command) ?? []), fact.entry]);
      return;
    case "SignalBuffered":
    case "SignalIgnored":
      execution.signals.add(fact.id);
      return;
    case "WaitOpened":
      execution.waits.set(fact.wait, { isClosed: false });
      return;
    case "WaitClosed":
      execution.waits.set(fact.wait, { isClosed: true });
      if (fact.signalId !== undefined) execution.signals.add(fact.signalId);
      return;
    case "NodeParked":
      execution.setAside.set(parkedName(fact.run, fact.item), fact.attempt ?? 0);
      return;
    case "ParkResolved":
      execution.setAside.delete(parkedName(fact.run, fact.item));
      if (fact.action === "retry") noteDecision(execution, parkedName(fact.run, fact.item), fact.by);
      return;
    case "ScopeClosed": {
      const [, saga, entry] = /^(.*)#undo(\d+)\/$/.exec(fact.scope) ?? [];
      if (saga !== undefined && fact.outcome !== "completed")
        execution.setAside.set(parkedName(saga, Number(entry)), 0);
      return;
    }
    case "NodeFinished":
    case "NodeFailed":
    case "NodeCancelled":
      if (execution.setAside.size > 0) settleParked(execution, fact.run);
      return;
    case "Replied":
      execution.reply ??= fact;
      return;
    case "ExecutionFinished":
      execution.end ??= fact;
  }
}

/** An activity with steps finds among them that it may go on. */
function noteDecision(execution: ExecutionRecord, command: string, by: string | undefined): void {
  const steps = execution.steps.get(command);
  if (steps)
    execution.steps.set(command, [...steps, { decision: "retry", ...(by === undefined ? {} : { by }) }]);
}

export function parkedName(run: string, item: number | undefined): string {
  return item === undefined ? run : `${run}:${item}`;
}

/** Its run has ended some other way. */
function settleParked(execution: ExecutionRecord, run: string): void {
  for (const name of execution.setAside.keys())
    if (name === run || name.startsWith(`${run}:`)) execution.setAside.delete(name);
}

/** Big values stand in the blob store; the body names them first. */
function readFacts(body: Uint8Array, blobs: ReadonlyMap<string, Uint8Array>): Fact[] {
  const facts = JSON.parse(text(body)) as (Fact | { t: "Blobs"; ids: string[] })[];
  const first = facts[0];
  if (first?.t !== "Blobs") return facts as Fact[];
  const known = new Map<string, unknown>();
  for (const id of first.ids) known.set(id, JSON.parse(text(blobs.get(id) ?? new Uint8Array())));
  return (facts.slice(1) as Fact[]).map((fact) => unfold(fact, known) as Fact);
}

function unfold(value: unknown, known: ReadonlyMap<string, unknown>): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => unfold(one, known));
  const id = (value as { $blob?: unknown }).$blob;
  if (typeof id === "string" && known.has(id)) return known.get(id);
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, unfold(field, known)]));
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}
