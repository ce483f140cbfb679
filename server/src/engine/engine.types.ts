// What the rest of the server may ask of the engine, and what the engine asks of the rest.
import type {
  Evaluator,
  Event,
  Fact,
  Failure,
  FinalStatus,
  Item,
  Json,
  JsonObject,
  NodeType,
  Outputs,
  RunActivity,
  WorkflowDefinition,
} from "@auraos/kernel";
import type { About } from "./execution.ts";
import type { ExecutionMode, ExecutionStatus, Store } from "./store.ts";

export type StartRequest = {
  orgId: string;
  envId: string;
  workflowId: string;
  workflowName: string;
  versionId: string;
  mode: ExecutionMode;
  /** Node id of the trigger; absent = the manual one. */
  trigger?: string;
  items: Item[];
  /** Same key and hash = the same execution; other hash = refused (409). */
  key?: { key: string; requestHash: string; ttlMs: number };
  vars?: JsonObject;
  actor?: string;
  cause?: string;
  traceId?: string;
  concurrencyKey?: string;
  /** How deep it stands below the first execution that called, when a node starts it. Beyond the bound it is refused. */
  depth?: number;
};

export type StartResult =
  | { kind: "started"; executionId: string }
  | { kind: "existing"; executionId: string }
  | { kind: "keyReused"; executionId: string }
  | { kind: "refused"; code: string; message: string; remedy: string };

/** What a caller gets who waits for an execution: its reply if it gave one, else its end. */
export type Settled =
  | { kind: "replied"; status: number; headers?: Record<string, string>; body: Json }
  | { kind: "finished"; status: FinalStatus; output?: Json; failure?: Failure }
  /** Not within the time. */
  | { kind: "open" };

export type DeliverResult =
  | { kind: "accepted" }
  | { kind: "refused"; code: "CLOSED" | "UNKNOWN_EXECUTION" | "UNKNOWN_WAIT" | "WAIT_CLOSED" | "NOT_PARKED" };

export type ForkRequest = {
  orgId: string;
  executionId: string;
  /** Top-level node (or block) to run again, with everything after it; absent = from the start. */
  node?: string;
  /** Replaces the input of that node (or of the execution). */
  items?: Item[];
  /** Repeat effects that already succeeded. */
  repeatEffects?: boolean;
  /** Version to run; default: the one of the original. */
  versionId?: string;
  /** Default: the one of the original. A trial of something recorded in production must not be production. */
  mode?: ExecutionMode;
  actor?: string;
};

/** A turn that is durable, in commit order; `offset` is contiguous over the life of the leader. */
export type CommittedTurn = {
  offset: number;
  orgId: string;
  workflowId: string;
  executionId: string;
  seq: number;
  atMs: number;
  facts: readonly Fact[];
  status: ExecutionStatus;
};

export type ActivityOutcome =
  | { kind: "succeeded"; outputs: Outputs }
  | { kind: "failed"; failure: Failure }
  | { kind: "confirmed"; outcome: "done" | "notDone" | "unknown"; outputs?: Outputs };

export type RecordStep = (step: number, entry: Json) => Promise<void>;

/** Runs activities; the engine decides when, the runner how and where. */
export type ActivityRunner = {
  /** `record` writes down what came of a step of a long activity; see ActivityProgressed. */
  run(
    activity: RunActivity,
    about: About,
    signal: AbortSignal,
    record?: RecordStep,
  ): Promise<ActivityOutcome>;
  /** Name for statistics. */
  worker: string;
};

/** Definitions as the engine needs them. */
export type Versions = {
  definition(
    versionId: string,
  ): Promise<
    { definition: WorkflowDefinition; workflowId: string; workflowName: string; orgId: string } | undefined
  >;
  /** The published version of a sub-workflow, by id or name. */
  published(
    orgId: string,
    workflow: string,
  ): Promise<{ versionId: string; workflowId: string; workflowName: string } | undefined>;
};

/** Externalised payloads; durable when `put` resolves. */
export type Payloads = {
  put(about: { orgId: string; executionId: string; atMs: number }, bytes: Uint8Array): Promise<string>;
  get(id: string): Promise<Uint8Array>;
};

/**
 * Seals bodies before they are stored and opens them when they are read; `place` is what a body belongs to (table, row),
 * and it opens there only. Throws StoreError: `corrupt` (changed, misplaced, or erased with its key), `unavailable`.
 */
export type BodyCipher = {
  /** false: nothing more is sealed; what was stays readable. */
  isOn: boolean;
  /** A key for each of the organizations; undefined = they are at hand. */
  prepare(orgIds: Iterable<string>): Promise<void> | undefined;
  /** After `prepare`. */
  seal(orgId: string, place: string, body: Uint8Array): { keyId: string; body: Uint8Array };
  open(orgId: string, keyId: string, place: string, sealed: Uint8Array): Uint8Array | Promise<Uint8Array>;
};

export type Clock = {
  /** Wall clock, ms since 1970. */
  now(): number;
  /** Never goes back. */
  monotonic(): number;
  setTimer(delayMs: number, fn: () => void): () => void;
  /** Soon, after what is already queued; used to gather one tick's work into one flush. */
  soon(fn: () => void): void;
};

export type Ids = {
  /** UUIDv7 of the given time. */
  execution(atMs: number): string;
  /** Deterministic UUIDv7: time from `atMs`, the rest from a hash of `name`. */
  child(atMs: number, name: string): string;
  seed(): string;
};

/** What is known of ends that were not in order: deaths by execution, and who was being tried at the last one. */
export type CrashNote = { deaths: Record<string, number>; trying: string[] };

/** A mark of this machine that outlives the process (a file in its data folder). */
export type CrashMarker = {
  /** Called once, at the beginning: what the last process left behind; null = it ended in order. */
  open(): CrashNote | null;
  /** Durable when it returns. */
  write(note: CrashNote): void;
  /** The process ends in order. */
  remove(): void;
};

/**
 * Places that starts share beyond their workflow. A start that has to wait for some is durable in the inbox like one that
 * waits for its workflow; whoever holds them gives them back when it ends.
 */
export type StartGate = {
  /** A new leader: what is open holds its places when this resolves, and nobody waits. */
  open(epoch: number): Promise<void>;
  /** It does not lead any more. */
  close(): void;
  /** May this start have to wait? */
  isAsked(request: StartRequest): boolean;
  take(request: StartRequest, executionId: string): Promise<"free" | "taken" | "wait">;
  /** Its row is durable: `go` is called once, perhaps at once, when its places are taken. */
  wait(request: StartRequest, executionId: string, go: () => void): void;
  /** It ended, was withdrawn, or never began. */
  release(executionId: string): void;
};

export type EngineDeps = {
  store: Store;
  clock: Clock;
  ids: Ids;
  versions: Versions;
  payloads: Payloads;
  activities: ActivityRunner;
  evaluator: Evaluator;
  nodeType: (type: string) => NodeType | undefined;
  holder: { id: string; host: string; pid: number; address: string | null };
  log: (
    level: "debug" | "info" | "warn" | "error",
    message: string,
    detail?: Record<string, unknown>,
  ) => void;
  limits?: Partial<EngineLimits>;
  /** Where an organization has limits of its own: the same object until they change. */
  orgLimits?: (orgId: string) => Partial<OrgLimits> | undefined;
  /** Without one, an execution that takes the process down is never set aside. */
  crashMarker?: CrashMarker;
  /** Variables that this definition reads; recorded with the start, so nothing ever reads them again. */
  vars?: (
    about: { orgId: string; envId: string },
    definition: WorkflowDefinition,
  ) => JsonObject | undefined | Promise<JsonObject | undefined>;
  /** Without one, only the workflow's own places count. */
  gate?: StartGate;
};

export type EngineLimits = {
  leaseMs: number;
  renewMs: number;
  /** No effect starts in the last part of the lease. */
  leaseGuardMs: number;
  turnsPerFlushMax: number;
  bytesPerFlushMax: number;
  /** Payloads above this go to the blob store, bytes. */
  inlineBytesMax: number;
  snapshotFacts: number;
  snapshotBytes: number;
  /** Activities running in this process at once. */
  activitiesMax: number;
  /** Open executions per organization. */
  openExecutionsMax: number;
  /** Journaled a second, per organization, in the long run; Infinity = no bound. */
  turnsPerSecondMax: number;
  bytesPerSecondMax: number;
  executionsInMemoryMax: number;
  subworkflowDepthMax: number;
};

/** What may differ from organization to organization. */
export type OrgLimits = Pick<EngineLimits, "openExecutionsMax" | "turnsPerSecondMax" | "bytesPerSecondMax">;

export type EngineStatus = {
  state: "starting" | "leading" | "standby" | "recovering" | "stopping" | "stopped" | "failing";
  epoch: number | null;
  /** Why executions are not accepted, for a person. */
  reason?: string;
  executionsInMemory: number;
  activitiesRunning: number;
  flushes: number;
  turns: number;
  /** Offset of the last committed turn. */
  offset: number;
};

export type BeginOptions = {
  /** Waits for the lease instead of throwing. `later`: throws now, and waits once it has led and was deposed. */
  standby?: boolean | "later";
  /**
   * Id of a holder that is known dead, so that nobody waits for its lease to run out. By name: a call that arrives late,
   * when somebody else leads by now, must not take the lease from the living.
   */
  insteadOf?: string | undefined;
};

export type Engine = {
  /** Acquires the lease, recovers, then accepts. Resolves when leading (or throws when `standby` is not allowed). */
  begin(options?: BeginOptions): Promise<void>;
  /** Durable when it resolves. */
  start(request: StartRequest): Promise<StartResult>;
  waitFor(executionId: string, timeoutMs: number, signal?: AbortSignal): Promise<Settled>;
  /** Resolves once the turn that took the event in is committed. */
  deliver(executionId: string, event: Event): Promise<DeliverResult>;
  fork(request: ForkRequest): Promise<StartResult>;
  /** A start that was accepted and waits for its place; undefined when there is none of this id. */
  queued(executionId: string): StartRequest | undefined;
  subscribe(listener: (turn: CommittedTurn) => void): () => void;
  status(): EngineStatus;
  /** Stops accepting, lets running activities end within `drainMs`, flushes, releases the lease. */
  stop(options: { drainMs: number }): Promise<void>;
};
