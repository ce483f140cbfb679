// One story: a small world from a seed, played to its end, and everything that was found wrong in it.
import type { Event } from "@auraos/kernel";
import type { EngineLimits, Versions } from "@auraos/server/engine/engine.types.ts";
import { checkAll } from "./check/all.ts";
import { createClients, ORG, type Request } from "./client/clients.ts";
import { react, reactWhileWaiting, tagOf } from "./client/people.ts";
import { createRandom, type Random } from "./random.ts";
import { generatePlan } from "./workflows/generate.ts";
import { layOut } from "./workflows/layOut.ts";
import type { Plan } from "./workflows/plan.ts";
import { createCluster } from "./world/cluster.ts";
import { createDatabase } from "./world/database.ts";
import { drawFaults, type Faults, heal } from "./world/faults.ts";
import { createHistory, type ExecutionRecord } from "./world/history.ts";
import { createOutside } from "./world/outside.ts";
import { createTimeline } from "./world/timeline.ts";
import { createVerdict, type Violation } from "./world/verdict.ts";

export type StoryResult = {
  executions: number;
  crashes: number;
  /** Executions whose end was compared with the model. */
  compared: number;
  /** Open executions at the moments of the crashes, added up. */
  interrupted: number;
  turns: number;
  events: number;
  calls: number;
  virtualMs: number;
  violations: Violation[];
  /** As they were drawn. */
  faults: string;
  log: string[];
};

export type StoryOptions = {
  seed: string;
  /** About as many executions. */
  size?: number;
  hasLog?: boolean;
  /** Gets the lines of the log as they come, instead of the result. */
  onLine?: (line: string) => void;
};

/** After the last fault, everything must have come to its end within this time. */
const PATIENCE_MS = 1_500_000;
/** Time for what comes late. */
const AFTERMATH_MS = 3_000;
const SIZE = 24;

export async function playStory(options: StoryOptions): Promise<StoryResult> {
  const random = createRandom(options.seed);
  const lines: string[] = [];
  const timeline = createTimeline();
  const log = options.hasLog
    ? (line: string): void => {
        const text = `${String(timeline.now()).padStart(8)} ${line}`;
        if (options.onLine) options.onLine(text);
        else lines.push(text);
      }
    : (): void => {};
  const faults = drawFaults(random.stream("faults"));
  const drawn = JSON.stringify(faults);
  log(`faults ${drawn}`);
  const plans = drawPlans(random.stream("plans"));
  for (const plan of plans.values()) log(`plan ${JSON.stringify(plan)}`);
  const requests = drawRequests(random.stream("requests"), plans, options.size ?? SIZE, faults);

  const verdict = createVerdict((violation) =>
    log(`VIOLATION ${violation.kind} ${violation.rule}: ${violation.message}`),
  );
  const blobs = new Map<string, Uint8Array>();
  const history = createHistory(blobs, verdict);
  let open = 0;
  let interrupted = 0;
  const database = createDatabase(timeline, history);
  const definitions = new Map([...plans.values()].map((plan) => [plan.name, layOut(plan)]));
  const cluster = createCluster({
    timeline,
    random: random.stream("cluster"),
    faults,
    database,
    blobs,
    versions: versionsOf(definitions),
    outside: () => outside,
    limits: drawLimits(random.stream("limits")),
    onCrash: (host) => {
      outside.cutAll(host);
      interrupted += open;
    },
    log,
  });
  const outside = createOutside({
    timeline,
    random: random.stream("outside"),
    faults,
    database,
    history,
    verdict,
    again: (executionId, activity, outcome) => {
      const { command, attempt } = activity;
      if (outcome.kind !== "succeeded") return;
      const event: Event = { type: "ActivitySucceeded", command, attempt, outputs: outcome.outputs };
      timeline.after(again.chance(0.5) ? again.int(200) : again.int(3_000), () =>
        clients.tell(executionId, event),
      );
    },
  });
  const again = random.stream("again");
  const meddled = new Map<string, Set<Event["type"]>>();
  const early = random.stream("early");
  const clients = createClients({
    timeline,
    random: random.stream("clients"),
    faults,
    cluster,
    database,
    history,
    verdict,
    log,
    onStarted: (request, executionId, cause) => {
      reactWhileWaiting(people, executionId, request.plan, cause);
      if (early.chance(0.4)) timeline.after(early.int(2_000), () => clients.waitFor(executionId));
    },
  });
  const people = {
    timeline,
    random: random.stream("people"),
    faults,
    history,
    outside,
    clients,
    plans,
    meddled,
    signalled: new Set<string>(),
  };

  history.onTurn = (record, turn) => {
    for (const fact of turn.facts) {
      if (fact.t === "ExecutionStarted") open++;
      if (fact.t === "ExecutionFinished") open--;
      react(people, record, fact);
    }
    if (options.hasLog)
      log(`turn ${tagOf(history, record)} ${turn.seq} epoch ${turn.epoch} ${JSON.stringify(turn.facts)}`);
  };

  let asked = 0;
  for (const request of requests) {
    timeline.after(request.atMs, () => {
      asked++;
      clients.request(request);
    });
  }
  cluster.add(false);
  scheduleFaults();
  timeline.after(faults.endMs, () => {
    log("all faults end");
    heal(faults);
    if (cluster.machines.length === 0) cluster.add(false);
  });

  const isParked = (record: ExecutionRecord): boolean => record.isParked && record.end === null;
  const isOver = (): boolean => {
    if (timeline.now() < faults.endMs || asked < requests.length || !clients.isQuiet()) return false;
    if (database.store.tables.inbox.size > 0) return false;
    if (open === 0) return true;
    let parked = 0;
    for (const record of history.executions.values()) if (isParked(record)) parked++;
    return open === parked;
  };
  let how = await timeline.play(isOver, faults.endMs + PATIENCE_MS);
  for (const [id] of history.executions) if (again.chance(0.15)) clients.waitFor(id);
  if (how === "over") {
    await timeline.play(() => false, timeline.now() + AFTERMATH_MS);
    // What came late (a question while nobody leads, a start whose caller has gone) comes to its end too.
    how = await timeline.play(isOver, timeline.now() + PATIENCE_MS);
  }
  const compared = checkAll({
    how,
    verdict,
    history,
    database,
    outside,
    clients,
    plans,
    definitions,
    requests,
    meddled,
  });
  log(`end after ${timeline.events()} events: ${history.executions.size} executions`);
  return {
    executions: history.executions.size,
    crashes: cluster.crashes(),
    compared,
    interrupted,
    turns: history.turns(),
    events: timeline.events(),
    calls: outside.calls(),
    virtualMs: timeline.now(),
    violations: verdict.violations,
    faults: drawn,
    log: lines,
  };

  function scheduleFaults(): void {
    const chance = random.stream("schedule");
    if (faults.hasStandby) timeline.after(chance.int(2_000), () => cluster.add(false));
    for (const at of faults.crashesAtMs)
      timeline.after(at, () => {
        const machine = cluster.leader();
        if (machine === undefined) return;
        if (chance.chance(0.15)) cluster.replace(machine);
        else cluster.crash(machine.host);
      });
    for (const [at, forMs] of faults.stalls)
      timeline.after(at, () => {
        const machine = cluster.leader();
        if (machine === undefined) return;
        log(`${machine.host.id} stalls for ${forMs}`);
        machine.host.stall(forMs);
        if (cluster.machines.length < 3 && chance.chance(0.7)) cluster.add(false);
      });
    for (const [at, byMs] of faults.clockJumps)
      timeline.after(at, () => {
        log(`clocks jump by ${byMs}`);
        if (byMs > 900) outside.decideAll();
        cluster.jumpClocks(byMs);
      });
  }
}

function drawPlans(random: Random): Map<string, Plan> {
  const plans = new Map<string, Plan>();
  const add = (name: string, children: readonly string[]): Plan => {
    const plan = generatePlan(random.stream(name), name, children);
    plans.set(name, plan);
    return plan;
  };
  add("leaf", []);
  add("child", ["leaf"]);
  for (const name of ["main1", "main2"]) {
    const plan = add(name, ["leaf", "child"]);
    if (random.chance(0.1)) plan.timeoutMs = random.between(500, 8_000);
    if (random.chance(0.2)) plan.errorWorkflow = "leaf";
    if (random.chance(0.15))
      plan.concurrency = {
        limit: random.between(1, 3),
        overlap: random.pick(["queue", "queue", "skip", "cancelOther"]),
      };
  }
  if (random.chance(0.1)) plans.set("poison", poisonPlan());
  return plans;
}

/** An execution whose data the storage refuses: it is set aside, the others go on. */
function poisonPlan(): Plan {
  const work = {
    kind: "work" as const,
    effect: "idempotent" as const,
    per: "item" as const,
    salt: 1,
    timeoutMs: 3_000,
  };
  return {
    name: "poison",
    isExact: true,
    steps: [
      { ...work, id: "n0", onError: "fail" },
      { ...work, id: "n1", onError: "fail", isPoisonous: true },
    ],
  };
}

function drawRequests(
  random: Random,
  plans: ReadonlyMap<string, Plan>,
  size: number,
  faults: Faults,
): Request[] {
  const roots = [...plans.values()].filter((plan) => plan.name.startsWith("main") || plan.name === "poison");
  return Array.from({ length: size }, (_, index) => {
    const plan = random.pick(random.chance(0.9) ? roots.slice(0, 2) : roots);
    const count = random.chance(0.05) ? 0 : random.between(1, 3);
    return {
      tag: `r${index}`,
      plan,
      input: Array.from({ length: count }, () => random.int(997)),
      atMs: random.int(faults.endMs),
      key: random.chance(0.6) ? `key-${random.int(1_000_000)}-${index}` : null,
      byInbox: random.chance(0.1),
    };
  });
}

/** Small limits, so that their edges are met in small worlds. */
function drawLimits(random: Random): Partial<EngineLimits> {
  return {
    snapshotFacts: random.pick([10, 40, 500]),
    activitiesMax: random.pick([2, 10, 1_000]),
    executionsInMemoryMax: random.pick([1, 5, 20_000]),
    turnsPerFlushMax: random.pick([1, 3, 2_000]),
    inlineBytesMax: 36_000,
  };
}

function versionsOf(definitions: ReadonlyMap<string, ReturnType<typeof layOut>>): Versions {
  return {
    definition: async (versionId) => {
      const definition = definitions.get(versionId);
      return definition && { definition, workflowId: versionId, workflowName: versionId, orgId: ORG };
    },
    published: async (_orgId, workflow) =>
      definitions.has(workflow)
        ? { versionId: workflow, workflowId: workflow, workflowName: workflow }
        : undefined,
  };
}
