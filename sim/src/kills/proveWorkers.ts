// Real kills of workers: processes that run activities die in the middle of them, again and again under load, while the
// server stays up. Every execution must end with its exact output; an effect that a dead worker had sent under its key
// may be sent again under the same key, and a `once` effect never is.
import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import type { NodeDefinition, WorkflowDefinition } from "@auraos/kernel";
import { createRandom } from "../random.ts";
import { startClients } from "./clients.ts";
import { keepAnswering } from "./people.ts";
import { allEnded, create } from "./proveKills.ts";
import { startRecorder } from "./recorder.ts";
import { judge, type Verdict } from "./verdict.ts";
import { AURAOS, createVictim, KEY, type Victim, withoutTestRunner } from "./victim.ts";
import { withDataDir } from "./withDataDir.ts";
import { effect, type Story, set } from "./workflows.ts";

export type WorkerKills = Verdict & {
  kills: number;
  /** Kills that met a worker with work in hand. */
  busy: number;
  accepted: number;
  repeatedEffects: number;
  decided: number;
  seconds: number;
};

type Shown = { id: string; kind: "local" | "remote"; pid: number; busy: number };

/** Label of the workers that make the calls to the world outside. */
const LABEL = "far";
const REMOTE = 2;
const LOCAL = 2;
/** Few: while all workers are dead, work only piles up. */
const CLIENTS = 2;
/** Of a worker that shall be killed. */
const AT_WORK_WITHIN_MS = 15_000;
const SETTLE_MS = 240_000;

export async function proveWorkers(
  count: number,
  options: { seed?: string; say?: (line: string) => void } = {},
): Promise<WorkerKills> {
  const say = options.say ?? console.log;
  const random = createRandom(options.seed ?? "workers");
  const startedAt = performance.now();
  return withDataDir(async (dataDir) => {
    const recorder = await startRecorder(30);
    const victim = await createVictim(dataDir, { AURAOS_WORKERS: String(LOCAL), AURAOS_DRAIN_SECONDS: "1" });
    const over = new AbortController();
    const remote = keepRemoteWorkers(victim);
    let busy = 0;
    try {
      victim.start();
      await victim.ready();
      remote.start();
      const stories = storiesOf(recorder.url);
      const definitions = stories.map(({ definition }) => definition);
      for (const definition of definitions) await create(victim, definition);
      while ((await workersOf(victim)).length < REMOTE) await delay(50);
      const clients = startClients(victim, stories, CLIENTS);
      const people = keepAnswering(victim, recorder, over.signal);
      for (let kill = 1; kill <= count; kill += 1) {
        const worker = await someWorker(victim, random);
        if (worker.busy > 0) busy += 1;
        end(worker.pid);
        say(`kill ${kill} of ${count}: a ${worker.kind} worker with ${worker.busy} activities`);
        await delay(random.between(20, 250));
      }
      await clients.finish();
      await allEnded(victim, SETTLE_MS);
      await sayFailures(victim, say);
      over.abort();
      const { decided } = await people;
      const verdict = await judge(
        { url: victim.databaseUrl(), dataDir },
        clients.accepted,
        definitions,
        recorder,
      );
      const result: WorkerKills = {
        ...verdict,
        kills: count,
        busy,
        accepted: clients.accepted.length,
        repeatedEffects: [...recorder.calls.values()].reduce((sum, list) => sum + list.length - 1, 0),
        decided,
        seconds: Math.round((performance.now() - startedAt) / 100) / 10,
      };
      const bad = [...verdict.lost, ...verdict.duplicated, ...verdict.illegal].slice(0, 20);
      say(
        `${count} workers killed, ${busy} of them at work: ${result.accepted} executions, ` +
          `lost ${verdict.lost.length}, duplicated ${verdict.duplicated.length}, illegal ${verdict.illegal.length}; ` +
          `${result.repeatedEffects} effects sent again under their key, ${decided} decided by a person; ` +
          `${result.seconds} s${bad.length > 0 ? `\n  ${bad.join("\n  ")}` : ""}`,
      );
      return result;
    } finally {
      over.abort();
      remote.stop();
      await victim.stop();
      await victim.kill("everything");
      await recorder.close();
    }
  });
}

/** Computing steps and calls in turn; both kinds of effect, all of them made by workers. */
function storiesOf(recorderUrl: string): Story[] {
  const start: NodeDefinition = { id: "start", type: "trigger.manual", config: {} };
  const id = "{{ $('start').first().json.id }}";
  // Time enough for the next worker to come up when all have died; what was not begun is tried again.
  const errorHandling = { timeoutMs: 120_000, retry: { attempts: 10, delayMs: 100 } };
  const far = (node: NodeDefinition): NodeDefinition => ({ ...node, worker: LABEL, errorHandling });
  const compute = (name: string): NodeDefinition => ({
    id: name,
    type: "code",
    config: {
      code: "let n = 0; for (let i = 0; i < 100000; i++) n += i % 7; const { value } = $items[0].json; return { value: value + (n > 0 ? 1 : 0) };",
    },
  });
  const finish = set("end", { id, value: "{{ $json.value }}" });
  const numbered = (number: number) => ({ id: number, value: number });
  return [
    {
      definition: chained("kill workers", [
        start,
        compute("first"),
        far(effect("one", `${recorderUrl}/one/${id}`)),
        compute("second"),
        far(effect("two", `${recorderUrl}/two/${id}`)),
        { ...finish, config: { ...finish.config, keep: false } },
      ]),
      input: numbered,
      output: (number) => ({ id: number, value: number + 4 }),
    },
    {
      // The name that the people of the proof look after.
      definition: chained("kill once", [
        start,
        far(effect("pay", `${recorderUrl}/pay/${id}`, { isOnce: true })),
        { ...finish, config: { ...finish.config, keep: false } },
      ]),
      input: numbered,
      output: (number) => ({ id: number, value: number + 1 }),
    },
  ];
}

function chained(name: string, nodes: NodeDefinition[]): WorkflowDefinition {
  const connections = nodes
    .slice(1)
    .map((node, place) => ({ from: (nodes[place] as NodeDefinition).id, to: node.id }));
  return { name, nodes, connections };
}

async function workersOf(victim: Victim): Promise<Shown[]> {
  const reply = await victim.call("GET", "/api/v1/workers");
  return (reply?.json as { items?: Shown[] } | undefined)?.items ?? [];
}

/** There must be none; if there are, their reason is what one wants to know. */
async function sayFailures(victim: Victim, say: (line: string) => void): Promise<void> {
  const reply = await victim.call("GET", "/api/v1/executions?status=failed&limit=3");
  for (const { id } of (reply?.json as { items?: { id: string }[] } | undefined)?.items ?? []) {
    const shown = await victim.call("GET", `/api/v1/executions/${id}`);
    say(`${id} failed: ${JSON.stringify((shown?.json as { failure?: unknown } | undefined)?.failure)}`);
  }
}

/** Mostly one at work, which a busy machine takes a while to show. */
async function someWorker(victim: Victim, random: ReturnType<typeof createRandom>): Promise<Shown> {
  const untilMs = performance.now() + (random.chance(0.9) ? AT_WORK_WITHIN_MS : 0);
  for (;;) {
    const items = await workersOf(victim);
    const atWork = items.filter((worker) => worker.busy > 0);
    const isLate = performance.now() >= untilMs;
    if (atWork.length > 0 && !isLate) return random.pick(atWork);
    if (items.length > 0 && isLate) return random.pick(items);
    await delay(20);
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It was gone already.
  }
}

/** `auraos worker`, started again whenever it ends, as a service manager would. */
function keepRemoteWorkers(victim: Victim): { start(): void; stop(): void } {
  const children = new Set<ChildProcess>();
  let isOver = false;
  const stop = () => {
    isOver = true;
    for (const child of children) child.kill("SIGKILL");
  };
  process.on("exit", stop);
  const one = () => {
    if (isOver) return;
    const args = ["worker", "--server", victim.url, "--key", KEY, "--label", LABEL, "--concurrency", "4"];
    const child = spawn(process.execPath, [AURAOS, ...args], {
      env: {
        ...withoutTestRunner(process.env),
        AURAOS_ALLOW_HOSTS: "127.0.0.1",
        AURAOS_DATA: victim.dataDir,
      },
      stdio: "ignore",
    });
    children.add(child);
    child.on("exit", () => {
      children.delete(child);
      one();
    });
  };
  return {
    start() {
      for (let place = 0; place < REMOTE; place += 1) one();
    },
    stop,
  };
}
