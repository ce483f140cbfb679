// The engines of a story over time: one leads, others stand by, crash, stall, come back. Every one of them is the real
// engine; what it knows dies with its host.

import * as expression from "@auraos/expression";
import { createEngine } from "@auraos/server/engine/createEngine.ts";
import type { Engine, EngineLimits, Ids, Versions } from "@auraos/server/engine/engine.types.ts";
import type { Kernel } from "@auraos/server/engine/kernel.ts";
import { realKernel } from "@auraos/server/engine/kernel.ts";
import type { Random } from "../random.ts";
import { hash } from "../random.ts";
import { simulatedNodeType } from "../workflows/nodeTypes.ts";
import { connect } from "./connection.ts";
import type { Database } from "./database.ts";
import type { Faults } from "./faults.ts";
import { createHost, type Host } from "./host.ts";
import type { Outside } from "./outside.ts";
import type { Timeline } from "./timeline.ts";

export type Machine = { host: Host; engine: Engine };

export type Cluster = {
  machines: Machine[];
  /** Takes requests, as far as one can tell from outside; undefined when nobody is there. */
  leader(): Machine | undefined;
  crash(host: Host): void;
  add(force: boolean): Machine;
  /** Hands over: stops in order, and another takes its place. */
  replace(machine: Machine): void;
  jumpClocks(byMs: number): void;
  crashes(): number;
};

type Needs = {
  timeline: Timeline;
  random: Random;
  faults: Faults;
  database: Database;
  blobs: Map<string, Uint8Array>;
  versions: Versions;
  outside: () => Outside;
  limits: Partial<EngineLimits>;
  onCrash: (host: Host) => void;
  log: (line: string) => void;
};

const MACHINES_MAX = 3;

export function createCluster(needs: Needs): Cluster {
  const { timeline, random } = needs;
  const machines: Machine[] = [];
  const ids = createIds(random.stream("ids"));
  let wallOffsetMs = 0;
  let count = 0;
  let crashes = 0;

  function crash(host: Host): void {
    if (!host.isAlive) return;
    host.crash();
    crashes++;
    needs.onCrash(host);
    remove(host);
    needs.log(`crash of ${host.id}`);
    comeBack();
  }

  function remove(host: Host): void {
    const place = machines.findIndex((machine) => machine.host === host);
    if (place >= 0) machines.splice(place, 1);
  }

  /** On the same host with the process known dead at once, or anywhere after a while. */
  function comeBack(): void {
    const atOnce = random.chance(0.6);
    timeline.after(atOnce ? random.int(300) : random.int(4_000), () => {
      if (machines.length < MACHINES_MAX) add(atOnce && machines.length === 0);
    });
  }

  function add(force: boolean): Machine {
    const host = createHost(timeline, `host-${++count}`, wallOffsetMs + random.between(-100, 100));
    const { store, payloads, versions } = connect({ ...needs, random: random.stream(host.id), host, crash });
    const engine = createEngine(
      {
        store,
        payloads,
        versions,
        clock: host.clock,
        ids,
        activities: needs.outside().runner(host),
        evaluator,
        nodeType: simulatedNodeType,
        holder: { id: host.id, host: "simulated", pid: count, address: null },
        log: (level, message, detail) =>
          needs.log(`${host.id} ${level} ${message} ${JSON.stringify(detail ?? {})}`),
        limits: needs.limits,
      },
      kernel,
    );
    const machine = { host, engine };
    machines.push(machine);
    needs.log(`${host.id} begins${force ? " by force" : ""}`);
    // Known dead is who held the lease when this machine came, and nobody who takes it later.
    const insteadOf = force ? needs.database.store.tables.lease.holder?.id : undefined;
    engine
      .begin({ standby: true, insteadOf })
      .catch((error) => needs.log(`${host.id} did not begin: ${error}`));
    return machine;
  }

  return {
    machines,
    leader: () => {
      const leading = machines.filter(
        ({ host, engine }) => host.isAlive && engine.status().state !== "standby",
      );
      return leading.length > 0 ? random.pick(leading) : machines[0];
    },
    crash,
    add,
    replace: (machine) => {
      needs.log(`${machine.host.id} stops in order`);
      machine.engine.stop({ drainMs: random.int(2_000) }).then(() => {
        if (!machine.host.isAlive) return;
        machine.host.crash();
        remove(machine.host);
        if (machines.length < MACHINES_MAX) add(false);
      });
    },
    jumpClocks: (byMs) => {
      wallOffsetMs += byMs;
      for (const { host } of machines) host.wallOffsetMs += byMs;
    },
    crashes: () => crashes,
  };
}

function createIds(random: Random): Ids {
  const id = (atMs: number, rest: number): string =>
    `${Math.max(0, Math.floor(atMs)).toString(16).padStart(12, "0")}-${rest.toString(16).padStart(8, "0")}`;
  const draw = (): number => random.int(0x1_0000_0000);
  return {
    execution: (atMs) => `${id(atMs, draw())}-${draw().toString(16)}`,
    child: (atMs, name) => `${id(atMs, hash(name, 1))}-${hash(name, 2).toString(16)}`,
    seed: () => draw().toString(16),
  };
}

/** Compiled templates and programs never change, so all engines of all stories share them. */
const templates = new Map<string, ReturnType<typeof expression.compileTemplate>>();
const evaluator = {
  compileTemplate: (source: string, options: { mode: "strict" | "lenient" }) => {
    let known = templates.get(source);
    if (known === undefined) {
      known = expression.compileTemplate(source, options);
      if (templates.size > 20_000) templates.clear();
      templates.set(source, known);
    }
    return known;
  },
};

const programs = new WeakMap<object, ReturnType<Kernel["compile"]>>();
export const kernel: Kernel = {
  ...realKernel,
  compile: (definition, nodeTypes, with_) => {
    const known = programs.get(definition as object);
    if (known !== undefined) return known;
    const compiled = realKernel.compile(definition, nodeTypes, with_);
    programs.set(definition as object, compiled);
    return compiled;
  },
};

export function compiled(definition: object): ReturnType<Kernel["compile"]> {
  return kernel.compile(definition, simulatedNodeType, evaluator);
}
