// What-if replay: an execution that must not reach the world is answered from the execution it is a re-run of. What that
// one heard from the world (outputs, failures) stands in its history; a child is answered from the child of the same
// command. A step that was not recorded, or that would now send something else, has no answer, and fails (fail closed).
//
// Path: activity runner -> recording -> store (whole history of the origin, kept for as long as others ask for it).
import { isDeepStrictEqual } from "node:util";
import type { Fact, Failure, JsonObject, Outputs, Program, RunActivity } from "@auraos/kernel";
import type { ActivityOutcome, Ids, Payloads } from "../engine/engine.types.ts";
import { decodeTurn } from "../engine/payload.ts";
import type { Store, StoredExecution } from "../engine/store.ts";
import { newProjection, type Projection, project } from "./project.ts";

/** Histories in memory: a replay asks for the same one with each of its steps. */
const KEPT_MAX = 20;
/** A re-run of a re-run: what was taken over is recorded further back. */
const ORIGINS_MAX = 20;

type Needs = {
  store: Pick<Store, "load">;
  payloads: Payloads;
  ids: Pick<Ids, "child">;
  programOf: (versionId: string) => Promise<Program | undefined>;
};

type Heard = { params?: JsonObject; outcome?: ActivityOutcome };

type Recording = {
  /** By command. */
  heard: Map<string, Heard>;
  /** What the ids of its children follow from, by command. */
  children: Map<string, { atMs: number; attempt: number }>;
};

type Source = Pick<StoredExecution["start"], "originId" | "parentId" | "parentCommand">;
type Origin = { start: StoredExecution["start"]; recording: Recording };

export function createRecordings(needs: Needs) {
  const kept = new Map<string, Promise<Origin | undefined>>();

  return async (
    activity: RunActivity,
    { source }: { source?: Source },
  ): Promise<ActivityOutcome | undefined> => {
    const heard = await search(source && (await originOf(source)), ({ recording }) => {
      const found = recording.heard.get(activity.command);
      return found?.outcome === undefined ? undefined : found;
    });
    return heard !== undefined && isSame(heard, activity) ? heard.outcome : undefined;
  };

  /** Back to the one that the first of them was a re-run of. */
  async function search<T>(
    from: string | undefined,
    pick: (origin: Origin, id: string) => T | undefined,
  ): Promise<T | undefined> {
    let id = from;
    for (let depth = 0; id !== undefined && depth < ORIGINS_MAX; depth++) {
      const wanted = id;
      const origin: Origin | undefined = await keep(kept, wanted, () => read(wanted));
      const found = origin && pick(origin, wanted);
      if (found !== undefined) return found;
      id = origin?.start.originId ?? undefined;
    }
    return undefined;
  }

  /** The execution whose world this one hears; of a child, the child that the same command started there. */
  async function originOf({ originId, parentId, parentCommand }: Source): Promise<string | undefined> {
    if (originId !== null) return originId;
    if (parentId === null || parentCommand === null) return undefined;
    // Its row is there: a child starts after the commit of the turn that asked for it.
    const parent = (await needs.store.load([parentId])).get(parentId)?.start;
    return search(parent && (await originOf(parent)), ({ recording }, id) => {
      const child = recording.children.get(parentCommand);
      return child && needs.ids.child(child.atMs, `${id}/${parentCommand}/${child.attempt}`);
    });
  }

  async function read(executionId: string): Promise<Origin | undefined> {
    const stored = (await needs.store.load([executionId], { whole: true })).get(executionId);
    const program = stored && (await needs.programOf(stored.start.versionId));
    if (stored === undefined || program === undefined) return undefined;
    const reader = { payloads: needs.payloads, known: new Map<string, unknown>() };
    const recording: Recording = { heard: new Map(), children: new Map() };
    const projection = newProjection(program);
    for (const { seq, body } of stored.turns) {
      const facts = (await decodeTurn(reader, body)) as Fact[];
      project(projection, seq, facts);
      for (const fact of facts) record(recording, fact, projection);
    }
    return { start: stored.start, recording };
  }
}

/** What was heard for each command in the end: the attempts before it, and the pauses between them, are left out. */
function record({ heard, children }: Recording, fact: Fact, projection: Projection): void {
  const hear = (command: string, outcome: ActivityOutcome): void => {
    const one = heard.get(command);
    if (one !== undefined) one.outcome = outcome;
  };
  switch (fact.t) {
    case "ActivityScheduled": {
      const params = fact.params ?? heard.get(fact.command)?.params;
      heard.set(fact.command, params === undefined ? {} : { params });
      return;
    }
    case "ChildScheduled":
      children.set(fact.command, { atMs: projection.nowMs, attempt: fact.attempt });
      return;
    case "NodeFinished": {
      const outputs = fact.outputs ?? (fact.changes && outputsOf(projection, fact.run));
      for (const command of [fact.run, `${fact.run}:0`]) {
        if (fact.handled !== undefined) hear(command, failed(fact.handled));
        else if (outputs !== undefined) hear(command, succeeded(outputs));
      }
      return;
    }
    case "NodeFailed":
    case "NodeParked":
      return hear(commandOf(fact), failed(fact.failure));
    case "ItemsSettled":
      for (const [index, outputs] of fact.results) hear(`${fact.run}:${index}`, succeeded(outputs));
      for (const [index, failure] of [...(fact.failures ?? []), ...(fact.handled ?? [])])
        hear(`${fact.run}:${index}`, failed(failure));
  }
}

/** Recorded as changes of the input: as the state has them. */
function outputsOf({ runs }: Projection, run: string): Outputs {
  const outputs: Outputs = {};
  for (const [port, items] of Object.entries(runs.get(run)?.outputs ?? {}))
    outputs[port] = { items: [...items] };
  return outputs;
}

function commandOf(fact: Fact & { t: "NodeFailed" | "NodeParked" }): string {
  return fact.t === "NodeParked" && fact.item !== undefined ? `${fact.run}:${fact.item}` : fact.run;
}

function succeeded(outputs: Outputs): ActivityOutcome {
  return { kind: "succeeded", outputs };
}

/** It is what came out after all attempts, so it is not tried again. */
function failed({ run: _run, ...failure }: Failure): ActivityOutcome {
  return { kind: "failed", failure: { ...failure, retryable: false, certainty: "notDone" } };
}

/** What would be sent now is what was sent then; of reads nothing was recorded, they change nothing. */
function isSame(heard: Heard, activity: RunActivity): boolean {
  return heard.params === undefined || isDeepStrictEqual(heard.params, activity.config);
}

/** The newest ones stay; what failed is asked for again. */
function keep<T>(all: Map<string, Promise<T>>, id: string, read: () => Promise<T>): Promise<T> {
  const known = all.get(id) ?? read();
  all.delete(id);
  all.set(id, known);
  known.catch(() => all.delete(id));
  const oldest = all.keys().next().value;
  if (all.size > KEPT_MAX && oldest !== undefined) all.delete(oldest);
  return known;
}
