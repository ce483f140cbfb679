// The world around the engines of one story: a store they share, workflows, an outside world that counts what is done
// to it, and engines that can be killed at any moment (nothing they had under way comes back).
import type {
  Connection,
  Evaluator,
  Item,
  NodeDefinition,
  RunActivity,
  WorkflowDefinition,
  WorkflowSettings,
} from "@auraos/kernel";
import { systemClock } from "../clock.ts";
import { createEngine } from "../createEngine.ts";
import type {
  ActivityOutcome,
  Clock,
  CrashMarker,
  Engine,
  EngineDeps,
  EngineLimits,
  StartRequest,
  StartResult,
} from "../engine.types.ts";
import { createIds } from "../ids.ts";
import type { Kernel } from "../kernel.ts";
import { type FlushBatch, type Store, StoreError } from "../store.ts";
import { contractNodeType } from "./nodeTypes.ts";

export const ORG = "00000000-0000-7000-8000-000000000001";
export const ENV = "00000000-0000-7000-8000-000000000002";

export type Call = {
  node: string;
  key: string;
  attempt: number;
  executionId: string;
  confirm: boolean;
  items: readonly Item[];
};
export type Act = (call: Call, signal: AbortSignal) => ActivityOutcome | Promise<ActivityOutcome>;

/** Before: the flush never reaches the store. After: it does, and its answer is lost. */
export type Fault =
  | "data"
  | "ok"
  | "killBefore"
  | "killAfter"
  | "cutBefore"
  | "cutAfter"
  | "unavailable"
  | "full";

export type Life = {
  engine: Engine;
  kill(): void;
  /** Decides the fate of the n-th flush (from 1). */
  onFlush: (n: number, batch: FlushBatch) => Fault;
  /** Called when a published version is looked up; may throw. */
  onLookup: () => void;
  /** What this engine had committed. */
  batches: FlushBatch[];
  /** Its view of the store; methods may be replaced. */
  store: Store;
};

export type World = {
  store: Store;
  calls: Call[];
  acts: Map<string, Act>;
  blobs: Map<string, Uint8Array>;
  /** Called before a payload is stored; may throw. */
  onPut: () => void;
  logs: string[];
  /** Of the machine on which all lives run, one after the other. */
  crashMarker?: CrashMarker;
  workflow(name: string, nodes: Node[], wires: Wire[], settings?: WorkflowSettings): string;
  engine(limits?: Partial<EngineLimits>, kernel?: Kernel, orgLimits?: EngineDeps["orgLimits"]): Life;
  /** A leading engine. */
  lead(limits?: Partial<EngineLimits>, kernel?: Kernel, orgLimits?: EngineDeps["orgLimits"]): Promise<Life>;
  request(workflow: string, items?: unknown[], more?: Partial<StartRequest>): StartRequest;
  start(life: Life, workflow: string, items?: unknown[], more?: Partial<StartRequest>): Promise<string>;
  close(): Promise<void>;
};

export type Node = [id: string, type: string, more?: Partial<NodeDefinition>];
/** `a > b`, `a.port > b`. */
export type Wire = string;

/** Renewed often, so that who is deposed soon knows; a lease that runs out because the machine stands still is no story. */
export const FAST: Partial<EngineLimits> = { leaseMs: 30_000, renewMs: 200, leaseGuardMs: 500 };

/** Nothing in the stories is a template; the language has tests of its own. */
const plain: Evaluator = {
  compileTemplate: (source) => ({
    ok: true,
    template: { nodes: [], isConstant: true, usesItem: false, evaluate: () => source },
  }),
};

/** `connect` gives one more connection to the same data; each engine has its own, as each process has. */
export function createWorld(connect: () => Store): World {
  const store = connect();
  const stores = [store];
  const ids = createIds();
  const versions = new Map<
    string,
    { definition: WorkflowDefinition; workflowId: string; workflowName: string; orgId: string }
  >();
  const published = new Map<string, string>();
  const lives: Life[] = [];
  const world: World = {
    store,
    calls: [],
    acts: new Map(),
    blobs: new Map(),
    onPut: () => {},
    logs: [],
    workflow: (name, nodes, wires, settings) => {
      const versionId = ids.execution(Date.now());
      const workflowId = ids.execution(Date.now());
      const definition: WorkflowDefinition = {
        name,
        nodes: nodes.map(([id, type, more]) => ({ id, type, config: {}, ...more })),
        connections: wires.map(connection),
        ...(settings ? { settings } : {}),
      };
      versions.set(versionId, { definition, workflowId, workflowName: name, orgId: ORG });
      published.set(name, versionId);
      return versionId;
    },
    engine: (limits, kernel, orgLimits) => {
      const own = connect();
      stores.push(own);
      const life = createLife(
        world,
        own,
        ids,
        versions,
        published,
        { ...FAST, ...limits },
        kernel,
        orgLimits,
      );
      lives.push(life);
      return life;
    },
    lead: async (limits, kernel, orgLimits) => {
      const life = world.engine(limits, kernel, orgLimits);
      await life.engine.begin({ insteadOf: (await store.holder())?.id });
      return life;
    },
    request: (workflow, items = [{}], more = {}) => {
      const versionId = published.get(workflow) ?? "";
      const version = versions.get(versionId);
      return {
        orgId: ORG,
        envId: ENV,
        workflowId: version?.workflowId ?? "",
        workflowName: workflow,
        versionId,
        mode: "production",
        items: items.map((json) => ({ json }) as Item),
        ...more,
      };
    },
    start: async (life, workflow, items, more) => {
      const result = await life.engine.start(world.request(workflow, items, more));
      if (result.kind !== "started" && result.kind !== "existing")
        throw new Error(`not started: ${JSON.stringify(result)}`);
      return result.executionId;
    },
    close: async () => {
      for (const life of lives) life.kill();
      for (const one of new Set(stores)) await one.close();
    },
  };
  return world;
}

function connection(wire: Wire): Connection {
  const [left = "", to = ""] = wire.split(" > ");
  const [from = "", port] = left.split(".");
  return { from, to, ...(port === undefined ? {} : { port }) };
}

function createLife(
  world: World,
  store: Store,
  ids: ReturnType<typeof createIds>,
  versions: Map<
    string,
    { definition: WorkflowDefinition; workflowId: string; workflowName: string; orgId: string }
  >,
  published: Map<string, string>,
  limits: Partial<EngineLimits>,
  kernel: Kernel | undefined,
  orgLimits: EngineDeps["orgLimits"],
): Life {
  let isDead = false;
  let flushes = 0;
  const never = new Promise<never>(() => {});
  const isAlive = (): boolean => !isDead;
  const life: Life = {
    engine: undefined as unknown as Engine,
    kill: () => {
      isDead = true;
    },
    onFlush: () => "ok",
    onLookup: () => {},
    batches: [],
    store: mortalStore(store, isAlive, never),
  };
  const mortal = life.store;
  mortal.flush = async (epoch, batch) => {
    const fault = life.onFlush(++flushes, batch);
    return faultyFlush(store, epoch, batch, fault, life, isAlive, never);
  };
  life.engine = createEngine(
    {
      store: mortal,
      clock: mortalClock(isAlive),
      ids,
      versions: {
        definition: async (versionId) => versions.get(versionId),
        published: async (_orgId, workflow) => {
          life.onLookup();
          const versionId = published.get(workflow);
          const version = versionId === undefined ? undefined : versions.get(versionId);
          if (versionId === undefined || version === undefined) return undefined;
          return { versionId, workflowId: version.workflowId, workflowName: version.workflowName };
        },
      },
      payloads: {
        put: async (_about, bytes) => {
          world.onPut();
          const id = `blob/${world.blobs.size}`;
          world.blobs.set(id, bytes);
          return id;
        },
        get: async (id) => world.blobs.get(id) ?? new Uint8Array(),
      },
      activities: {
        worker: "local",
        run: async (activity, about, signal) => {
          if (isDead) return never;
          const outcome = await act(world, activity, about.executionId, signal);
          return isDead ? never : outcome;
        },
      },
      evaluator: plain,
      nodeType: contractNodeType,
      holder: { id: ids.execution(Date.now()), host: "test", pid: 1, address: null },
      log: (level, message, detail) => {
        world.logs.push(`${level} ${message} ${JSON.stringify(detail ?? {})}`);
      },
      limits,
      ...(orgLimits ? { orgLimits } : {}),
      ...(world.crashMarker ? { crashMarker: world.crashMarker } : {}),
    },
    kernel,
  );
  return life;
}

async function act(
  world: World,
  activity: RunActivity,
  executionId: string,
  signal: AbortSignal,
): Promise<ActivityOutcome> {
  const { node, key, attempt, confirm, items } = activity;
  const call: Call = { node, key, attempt, executionId, confirm, items };
  world.calls.push(call);
  const given = world.acts.get(node);
  if (given !== undefined) return given(call, signal);
  return { kind: "succeeded", outputs: { main: { items: [{ json: { did: node } }] } } };
}

function mortalStore(store: Store, isAlive: () => boolean, never: Promise<never>): Store {
  const wrapped: Record<string, unknown> = {};
  for (const [name, method] of Object.entries(store)) {
    if (typeof method !== "function") continue;
    const call = method as (...args: unknown[]) => Promise<unknown>;
    wrapped[name] = async (...args: unknown[]) => {
      if (!isAlive()) return never;
      const answer = await call.apply(store, args);
      return isAlive() ? answer : never;
    };
  }
  const watchInbox: Store["watchInbox"] = (onNews) =>
    store.watchInbox?.(() => isAlive() && onNews()) ?? (() => {});
  return { ...wrapped, watchInbox } as unknown as Store;
}

function mortalClock(isAlive: () => boolean): Clock {
  const guard = (fn: () => void) => (): void => {
    if (isAlive()) fn();
  };
  return {
    ...systemClock,
    setTimer: (delayMs, fn) => systemClock.setTimer(delayMs, guard(fn)),
    soon: (fn) => systemClock.soon(guard(fn)),
  };
}

async function faultyFlush(
  store: Store,
  epoch: number,
  batch: FlushBatch,
  fault: Fault,
  life: Life,
  isAlive: () => boolean,
  never: Promise<never>,
): Promise<"committed" | "deposed"> {
  if (!isAlive()) return never;
  if (fault === "unavailable" || fault === "full" || fault === "data")
    throw new StoreError(fault, `the story says ${fault}`);
  if (fault === "cutBefore") throw new StoreError("unknownOutcome", "cut before");
  if (fault === "killBefore") {
    life.kill();
    return never;
  }
  const answer = await store.flush(epoch, batch);
  if (answer === "committed") life.batches.push(batch);
  if (fault === "killAfter") life.kill();
  if (fault === "cutAfter") throw new StoreError("unknownOutcome", "cut after");
  return isAlive() ? answer : never;
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  ms = 60_000,
): Promise<void> {
  const end = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`it did not come about within ${ms} ms: ${what}`);
    await sleep(5);
  }
}

export type { StartResult };
