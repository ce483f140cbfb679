// The engine in this process on a PostgreSQL of its own: no HTTP, no server. What is measured here is what the
// engine and the database can do.
import { hostname } from "node:os";
import { compileTemplate } from "@auraos/expression";
import type { JsonObject, WorkflowDefinition } from "@auraos/kernel";
import { type ActivityContext, findNodeType, type NodeModule } from "@auraos/nodes";
import { systemClock } from "@auraos/server/engine/clock.ts";
import { createEngine } from "@auraos/server/engine/createEngine.ts";
import type { ActivityRunner, Engine, EngineDeps, Settled } from "@auraos/server/engine/engine.types.ts";
import { createIds } from "@auraos/server/engine/ids.ts";
import { openPostgresStore } from "@auraos/server/engine/postgres/store.ts";
import { benchNodes } from "./benchNodes.ts";

export type EngineInProcess = {
  engine: Engine;
  start(workflow: string, input: JsonObject): Promise<string>;
  /** Starts and waits for the end. */
  run(workflow: string, input: JsonObject): Promise<Settled>;
};

const own = new Map(benchNodes.map((module) => [module.type, module]));
const moduleOf = (type: string): NodeModule | undefined => own.get(type) ?? findNodeType(type);

const WAIT_MS = 120_000;

export async function withEngine<T>(
  url: string,
  definitions: readonly WorkflowDefinition[],
  action: (engine: EngineInProcess) => Promise<T>,
  more: Partial<EngineDeps> = {},
): Promise<T> {
  const ids = createIds();
  const newId = () => ids.execution(Date.now());
  const orgId = newId();
  const workflows = new Map(
    definitions.map((definition) => [
      definition.name,
      { definition, versionId: newId(), workflowId: newId(), workflowName: definition.name, orgId },
    ]),
  );
  const byVersion = new Map([...workflows.values()].map((one) => [one.versionId, one]));
  const store = openPostgresStore(url);
  const engine = createEngine({
    store,
    clock: systemClock,
    ids,
    versions: {
      definition: async (versionId) => byVersion.get(versionId),
      published: async (_org, name) => workflows.get(name),
    },
    payloads: memoryPayloads(newId),
    activities: directRunner,
    evaluator: { compileTemplate },
    nodeType: moduleOf,
    holder: { id: newId(), host: hostname(), pid: process.pid, address: null },
    log: (level, message, detail) => {
      if (level === "warn" || level === "error") console.error(level, message, detail);
    },
    ...more,
  });
  await engine.begin();
  const start = async (name: string, input: JsonObject): Promise<string> => {
    const { definition: _, ...about } = workflows.get(name) as NonNullable<ReturnType<typeof workflows.get>>;
    const result = await engine.start({
      ...about,
      envId: orgId,
      mode: "production",
      items: [{ json: input }],
    });
    if (result.kind === "started") return result.executionId;
    throw new Error(`not started: ${JSON.stringify(result)}`);
  };
  try {
    return await action({
      engine,
      start,
      run: async (name, input) => engine.waitFor(await start(name, input), WAIT_MS),
    });
  } finally {
    await engine.stop({ drainMs: 1_000 });
    await store.close();
  }
}

/** Calls the node and nothing else. */
const directRunner: ActivityRunner = {
  worker: "bench",
  async run(activity, _about, signal) {
    const { config, items, inputs, index, attempt, key, nowMs, seed, zone } = activity;
    const call = { config, items, inputs, index, attempt, idempotencyKey: key, nowMs, seed, zone };
    const outputs = await moduleOf(activity.nodeType)?.run?.(call, { signal } as ActivityContext);
    return { kind: "succeeded", outputs: outputs ?? {} };
  },
};

function memoryPayloads(newId: () => string): EngineDeps["payloads"] {
  const kept = new Map<string, Uint8Array>();
  return {
    async put(_about, bytes) {
      const id = newId();
      kept.set(id, bytes);
      return id;
    },
    async get(id) {
      const bytes = kept.get(id);
      if (bytes === undefined) throw new Error(`no payload ${id}`);
      return bytes;
    },
  };
}

/** Keeps `concurrency` of them going until `total` are done; calls per second. */
export async function keepBusy(
  total: number,
  concurrency: number,
  action: (index: number) => Promise<unknown>,
): Promise<number> {
  let next = 0;
  const startedAt = performance.now();
  const worker = async (): Promise<void> => {
    while (next < total) await action(next++);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return total / ((performance.now() - startedAt) / 1000);
}
