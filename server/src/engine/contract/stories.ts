// What the stories share: short ways to say what is expected of an execution and of the outside world.
import type { Fact } from "@auraos/kernel";
import type { Settled } from "../engine.types.ts";
import { decodeTurn } from "../payload.ts";
import type { EffectRow, StartRow } from "../store.ts";
import type { Life, World } from "./world.ts";

export type Story = { name: string; rules: string; tell: (world: World) => Promise<void> };

export async function finished(life: Life, id: string, ms = 60_000): Promise<Settled & { kind: "finished" }> {
  const settled = await life.engine.waitFor(id, ms);
  if (settled.kind !== "finished") throw new Error(`it is ${settled.kind}: ${JSON.stringify(settled)}`);
  return settled;
}

export async function factsOf(world: World, id: string): Promise<Fact[]> {
  const stored = (await world.store.load([id], { whole: true })).get(id);
  const reader = {
    payloads: { put: async () => "", get: async (blob: string) => world.blobs.get(blob) ?? new Uint8Array() },
    known: new Map<string, unknown>(),
  };
  const facts: Fact[] = [];
  for (const turn of stored?.turns ?? []) facts.push(...(await decodeTurn(reader, turn.body)));
  return facts;
}

export async function statusOf(world: World, id: string): Promise<string | undefined> {
  return (await world.store.load([id])).get(id)?.status;
}

export function callsOf(world: World, node: string, id?: string): number {
  return world.calls.filter((call) => call.node === node && (id === undefined || call.executionId === id))
    .length;
}

export function effectsOf(lives: Life[], id: string): EffectRow[] {
  return lives
    .flatMap((life) => life.batches.flatMap((batch) => batch.effects))
    .filter((row) => row.executionId === id);
}

export function startsOf(life: Life, workflowId: string): StartRow[] {
  return life.batches.flatMap((batch) => batch.starts).filter((row) => row.workflowId === workflowId);
}

/** A promise and the way to settle it. */
export function gate<T>(): { promise: Promise<T>; open: (value: T) => void } {
  let open: (value: T) => void = () => {};
  const promise = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}
