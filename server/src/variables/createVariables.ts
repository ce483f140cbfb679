// The variables of an environment as executions begin with them: from memory on the hot path, since every start asks.
// A change in this process forgets at once; another process notices after FRESH_MS.
import type { JsonObject, WorkflowDefinition } from "@auraos/kernel";
import type { Pool } from "../platform/db.ts";
import { namesIn } from "./namesIn.ts";
import { type Environment, readValues } from "./store.ts";

const FRESH_MS = 2_000;
const KEPT_MAX = 1_000;

export type Variables = {
  /** Those that the definition reads; undefined = it reads none, or there are none of that name. */
  of(
    about: Environment,
    definition: WorkflowDefinition,
  ): JsonObject | undefined | Promise<JsonObject | undefined>;
  forget(): void;
};

export function createVariables(options: { journal: Pool; nowMs: () => number }): Variables {
  const known = new Map<string, { values: JsonObject; untilMs: number }>();
  /** Whoever comes while they are being read waits for that. */
  const reading = new Map<string, Promise<JsonObject>>();

  async function read(key: string, about: Environment): Promise<JsonObject> {
    const now = options.nowMs();
    const mine = readValues(options.journal, about);
    reading.set(key, mine);
    try {
      const values = await mine;
      // Forgotten in the meantime: what was read may be from before.
      if (reading.get(key) !== mine) return values;
      if (known.size >= KEPT_MAX) known.clear();
      known.set(key, { values, untilMs: now + FRESH_MS });
      return values;
    } finally {
      if (reading.get(key) === mine) reading.delete(key);
    }
  }

  return {
    of(about, definition) {
      const names = namesIn(definition);
      if (names !== "all" && names.size === 0) return undefined;
      const { orgId, envId } = about;
      const key = `${orgId} ${envId}`;
      const found = known.get(key);
      if (found && found.untilMs > options.nowMs()) return pick(found.values, names);
      return (reading.get(key) ?? read(key, { orgId, envId })).then((values) => pick(values, names));
    },
    forget() {
      known.clear();
      reading.clear();
    },
  };
}

function pick(values: JsonObject, names: ReadonlySet<string> | "all"): JsonObject | undefined {
  const entries = Object.entries(values).filter(([name]) => names === "all" || names.has(name));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
