// The timeline of an execution: what happened to each node run, item and attempt, read from the recorded turns.
// The kernel folds the facts, keeping every output; what it forgets when something ends is noted here as it passes.
// The API and the command line show the same projection, and it can be continued turn by turn.
import {
  type DeadReason,
  type ExecutionState,
  evolve,
  type Fact,
  type Failure,
  type Item,
  isObject,
  type Json,
  type JsonObject,
  type NodeRun,
  newState,
  type Program,
  type ScopeState,
} from "@auraos/kernel";

export type Attempt = {
  attempt: number;
  status: "scheduled" | "started" | "retrying" | "confirming" | "succeeded" | "failed" | "dropped";
  atMs: number;
  endedMs: number | null;
  retryAtMs?: number;
  failure?: Failure;
  /** What its code wrote. */
  logs?: string[];
};

export type RunRecord = {
  run: string;
  node: string;
  status: "running" | "waiting" | "parked" | "succeeded" | "failed" | "skipped" | "cancelled";
  why?: DeadReason;
  startedMs: number;
  endedMs: number | null;
  /** Lists by reference, as the wires delivered them. */
  input: readonly (readonly Item[])[];
  outputs: Record<string, readonly Item[]>;
  /** Results of single items, while the run goes on or after it failed. */
  partial?: NodeRun["items"];
  itemsTotal?: number;
  itemsDone: number;
  attemptCount: number;
  /** By item; -1 = of the whole list. */
  attempts: Map<number, Attempt[]>;
  /** The last ones; the newest may be open. */
  waits: { wait: string; atMs: number; endedMs: number | null }[];
  failure?: Failure;
  handled?: Failure;
  kept?: boolean;
  /** Steps that its activities have recorded, and what they used. */
  steps?: number;
  usage?: Usage;
  /** Lines that its code wrote, over all attempts. */
  logLines?: number;
};

export type Projection = {
  program: Program;
  state: ExecutionState;
  seq: number;
  nowMs: number;
  /** In order of their start. */
  runs: Map<string, RunRecord>;
  /** What the execution was given. */
  input?: readonly Item[];
  openEffects?: string[];
};

const ATTEMPTS_KEPT = 50;
const WAITS_KEPT = 20;

export function newProjection(program: Program): Projection {
  return { program: { ...program, keepAll: true }, state: newState(), seq: 0, nowMs: 0, runs: new Map() };
}

export function project(projection: Projection, seq: number, facts: readonly Fact[]): void {
  projection.seq = seq;
  for (const fact of facts) {
    if (fact.t === "Now") projection.nowMs = fact.at;
    before(projection, fact);
    evolve(projection.program, projection.state, fact);
    after(projection, fact);
  }
}

/** What the state still knows, and will have forgotten once the fact is folded in. */
function before(projection: Projection, fact: Fact): void {
  switch (fact.t) {
    case "NodeFinished":
    case "NodeFailed":
    case "NodeCancelled":
    case "NodeDead": {
      const record = recordOf(projection, fact.run);
      closeAttempts(projection, record, fact);
      return;
    }
    case "ItemsSettled":
      return itemsSettled(projection, fact);
    case "CommandDropped":
      return commandEnded(projection, fact.command, "dropped");
    case "WaitClosed": {
      const wait = projection.state.waits[fact.wait];
      if (!wait) return;
      const record = recordOf(projection, wait.run);
      record.status = "running";
      const last = record.waits.find((one) => one.wait === fact.wait && one.endedMs === null);
      if (last) last.endedMs = projection.nowMs;
    }
  }
}

function after(projection: Projection, fact: Fact): void {
  const { nowMs } = projection;
  switch (fact.t) {
    case "ExecutionStarted":
      projection.input = fact.items;
      for (const kept of fact.kept ?? []) {
        const record = recordOf(projection, kept.node);
        record.kept = true;
        settle(record, kept.status === "dead" ? "skipped" : "succeeded", nowMs);
        if (kept.why) record.why = kept.why;
        for (const [port, output] of Object.entries(kept.outputs ?? {})) record.outputs[port] = output.items;
      }
      return;
    case "NodeFinished": {
      const record = recordOf(projection, fact.run);
      settle(record, "succeeded", nowMs);
      if (fact.handled) record.handled = fact.handled;
      const ports = runIn(projection.state, fact.run)?.ports ?? {};
      for (const [port, { items }] of Object.entries(ports)) record.outputs[port] = items ?? [];
      return;
    }
    case "NodeFailed": {
      const record = recordOf(projection, fact.run);
      record.failure = fact.failure;
      return settle(record, "failed", nowMs);
    }
    case "NodeDead": {
      const record = recordOf(projection, fact.run);
      record.why = fact.why;
      record.input = [];
      return settle(record, "skipped", nowMs);
    }
    case "NodeCancelled":
      return settle(recordOf(projection, fact.run), "cancelled", nowMs);
    case "NodeParked": {
      const record = recordOf(projection, fact.run);
      record.status = "parked";
      record.failure = fact.failure;
      attemptEnded(record, fact.item, "failed", nowMs, fact.failure);
      return;
    }
    case "ParkResolved": {
      const record = recordOf(projection, fact.run);
      record.status = "running";
      delete record.failure;
      return;
    }
    case "ItemsStarted": {
      const record = recordOf(projection, fact.run);
      record.itemsTotal = fact.total;
      const items = runIn(projection.state, fact.run)?.items;
      if (items) record.partial = items;
      return;
    }
    case "BlockStarted":
      recordOf(projection, fact.run);
      return;
    case "ActivityScheduled":
    case "ChildScheduled": {
      const record = recordOf(projection, fact.run);
      const status = fact.t === "ActivityScheduled" && fact.confirm === true ? "confirming" : "scheduled";
      return attemptBegun(record, fact.item, fact.attempt, status, nowMs);
    }
    case "ActivityStarted": {
      const command = projection.state.commands[fact.command];
      const last = command && lastAttempt(recordOf(projection, command.run), command.item);
      if (last) last.status = "started";
      return;
    }
    case "ActivityProgressed": {
      const command = projection.state.commands[fact.command];
      if (command) stepped(recordOf(projection, command.run), command.item, fact.entry);
      return;
    }
    case "RetryScheduled":
      return retrying(projection, fact);
    case "ConfirmScheduled": {
      const command = projection.state.commands[fact.command];
      const last = command && lastAttempt(recordOf(projection, command.run), command.item);
      if (last) Object.assign(last, { status: "confirming", failure: fact.failure });
      return;
    }
    case "WaitOpened": {
      const record = recordOf(projection, fact.run);
      record.status = "waiting";
      record.waits = [...record.waits.slice(1 - WAITS_KEPT), { wait: fact.wait, atMs: nowMs, endedMs: null }];
      return;
    }
    case "ExecutionFinished":
      if (fact.openEffects) projection.openEffects = fact.openEffects;
      for (const record of projection.runs.values())
        if (record.endedMs === null) settle(record, "cancelled", nowMs);
  }
}

export function nodeIdOf(run: string): string {
  return run.slice(run.lastIndexOf("/") + 1);
}

function scopeIn(state: ExecutionState, run: string): ScopeState | undefined {
  return state.scopes[run.slice(0, run.lastIndexOf("/") + 1)];
}

function runIn(state: ExecutionState, run: string): NodeRun | undefined {
  return scopeIn(state, run)?.runs[nodeIdOf(run)];
}

function recordOf(projection: Projection, run: string): RunRecord {
  const known = projection.runs.get(run);
  if (known) return known;
  const record: RunRecord = {
    run,
    node: nodeIdOf(run),
    status: "running",
    startedMs: projection.nowMs,
    endedMs: null,
    input: [],
    outputs: {},
    itemsDone: 0,
    attemptCount: 0,
    attempts: new Map(),
    waits: [],
  };
  projection.runs.set(run, record);
  record.input = inputOf(projection, run);
  return record;
}

/** As the kernel delivers it: the wires of the main input in order, or the scope's items where nothing is wired. */
function inputOf({ program, state }: Projection, run: string): readonly (readonly Item[])[] {
  const node = program.nodes.get(nodeIdOf(run));
  const scope = scopeIn(state, run);
  if (!node || !scope) return [];
  if (state.edited?.node === node.id && scope.block === null) return [state.edited.items];
  if (node.wires.length === 0) return [scope.items];
  return node.wires.flatMap((wire) => {
    const items = scope.runs[wire.from]?.ports?.[wire.port]?.items;
    return items && items.length > 0 ? [items] : [];
  });
}

/** What code wrote; or what the steps of a run used: tokens, calls, money. */
function stepped(record: RunRecord, item: number | undefined, entry: Json): void {
  const logs = logsIn(entry);
  const last = lastAttempt(record, item);
  if (logs && last) {
    last.logs = [...(last.logs ?? []), ...logs];
    record.logLines = (record.logLines ?? 0) + logs.length;
    return;
  }
  record.steps = (record.steps ?? 0) + 1;
  if (!isObject(entry) || !isObject(entry.usage)) return;
  record.usage = addUsage(record.usage, entry.usage as JsonObject);
}

/** The lines that code wrote: of a step that was recorded, or of a failure's detail. */
function logsIn(value: Json | undefined): string[] | undefined {
  if (!isObject(value) || !Array.isArray(value.logs)) return undefined;
  return value.logs.filter((line) => typeof line === "string");
}

export type Usage = Record<string, number>;

export function addUsage(total: Usage | undefined, more: JsonObject): Usage {
  const sum: Usage = { ...total };
  for (const name of ["inputTokens", "outputTokens", "calls", "cost"]) {
    const value = more[name];
    // Money is counted in parts of a cent; without rounding 0.1 + 0.2 would show.
    if (typeof value === "number") sum[name] = Number(((sum[name] ?? 0) + value).toFixed(10));
  }
  return sum;
}

function settle(record: RunRecord, status: RunRecord["status"], atMs: number): void {
  record.status = status;
  record.endedMs = atMs;
  if (status === "succeeded") delete record.partial;
}

function itemsSettled(projection: Projection, fact: Fact & { t: "ItemsSettled" }): void {
  const record = recordOf(projection, fact.run);
  const { nowMs } = projection;
  const handled = new Map(fact.handled?.map(([index, failure]) => [index, failure]));
  for (const [index, , attempt] of fact.results) {
    const failure = handled.get(index);
    attemptEnded(record, index, failure ? "failed" : "succeeded", nowMs, failure, attempt);
    record.itemsDone += 1;
  }
  for (const [index, failure, attempt] of fact.failures ?? []) {
    attemptEnded(record, index, "failed", nowMs, failure, attempt);
    record.itemsDone += 1;
  }
}

function retrying(projection: Projection, fact: Fact & { t: "RetryScheduled" }): void {
  const command = projection.state.commands[fact.command];
  if (!command) return;
  const record = recordOf(projection, command.run);
  attemptEnded(record, command.item, "retrying", projection.nowMs, fact.failure);
  const last = lastAttempt(record, command.item);
  if (last) last.retryAtMs = fact.at;
}

function commandEnded(projection: Projection, command: string, status: "dropped"): void {
  const known = projection.state.commands[command];
  if (known) attemptEnded(recordOf(projection, known.run), known.item, status, projection.nowMs);
}

/** The run's own activity (a list) ends with the run. */
function closeAttempts(
  projection: Projection,
  record: RunRecord,
  fact: Fact & { t: "NodeFinished" | "NodeFailed" | "NodeCancelled" | "NodeDead" },
): void {
  const last = lastAttempt(record, undefined);
  if (!last || last.endedMs !== null) return;
  const failure =
    fact.t === "NodeFailed" ? fact.failure : fact.t === "NodeFinished" ? fact.handled : undefined;
  const status = fact.t === "NodeCancelled" ? "dropped" : failure ? "failed" : "succeeded";
  attemptEnded(record, undefined, status, projection.nowMs, failure);
}

function lastAttempt(record: RunRecord, item: number | undefined): Attempt | undefined {
  return record.attempts.get(item ?? -1)?.at(-1);
}

function attemptBegun(
  record: RunRecord,
  item: number | undefined,
  attempt: number,
  status: Attempt["status"],
  atMs: number,
): void {
  const list = record.attempts.get(item ?? -1) ?? [];
  record.attempts.set(item ?? -1, list);
  const last = list.at(-1);
  if (last?.attempt === attempt && last.endedMs === null) {
    last.status = status;
    return;
  }
  record.attemptCount += 1;
  list.push({ attempt, status, atMs, endedMs: null });
  if (list.length > ATTEMPTS_KEPT) list.shift();
}

function attemptEnded(
  record: RunRecord,
  item: number | undefined,
  status: Attempt["status"],
  atMs: number,
  failure?: Failure,
  attempt?: number,
): void {
  let last = lastAttempt(record, item);
  if (!last) {
    // Never scheduled as an activity: computed inside the turn, or skipped.
    if (status === "succeeded") return;
    last = { attempt: attempt ?? 1, status, atMs, endedMs: null };
    record.attempts.set(item ?? -1, [last]);
  }
  last.status = status;
  last.endedMs ??= atMs;
  if (!failure) return;
  const logs = last.logs === undefined ? logsIn(failure.detail) : undefined;
  last.failure = failure;
  if (!logs) return;
  last.logs = logs;
  record.logLines = (record.logLines ?? 0) + logs.length;
}
