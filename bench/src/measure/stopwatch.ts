// Wall time, processor time of named groups of processes, and what strangers used of the machine meanwhile.
// A machine that others work on makes rates worthless; so every result says how busy they were.
import { cpuSeconds, machineBusySeconds } from "./processes.ts";

export type Lap = {
  seconds: number;
  /** Processor seconds per group. */
  cpu: Record<string, number>;
  /** Cores that other processes used. */
  others: number;
};

/** `self` counts this process, whatever else the groups hold. */
export function startStopwatch(groups: Record<string, readonly number[]>): () => Lap {
  const names = Object.keys(groups);
  const read = () => names.map((name) => cpuSeconds(groups[name] ?? []));
  const before = read();
  const busyBefore = machineBusySeconds();
  const ownBefore = process.cpuUsage();
  const startedAt = performance.now();
  return () => {
    const seconds = (performance.now() - startedAt) / 1000;
    const after = read();
    const cpu = Object.fromEntries(names.map((name, at) => [name, (after[at] ?? 0) - (before[at] ?? 0)]));
    const { user, system } = process.cpuUsage(ownBefore);
    const own = Object.hasOwn(cpu, "self") ? 0 : (user + system) / 1e6;
    const ours = Object.values(cpu).reduce((sum, one) => sum + one, own);
    return { seconds, cpu, others: Math.max(0, (machineBusySeconds() - busyBefore - ours) / seconds) };
  };
}
