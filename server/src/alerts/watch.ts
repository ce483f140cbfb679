// Looks at the rules and sends what is due, from time to time, in the process whose engine leads.
import type { Engine } from "../engine/engine.types.ts";
import type { Pool } from "../platform/db.ts";
import type { Log } from "../platform/log.ts";
import { checkRules } from "./checkRules.ts";
import { type DeliverParts, deliverDue } from "./deliver.ts";
import { organizationsToCheck, organizationsToTell } from "./store.ts";

export type AlertWatch = {
  /** Sends what is due without waiting for the next round. */
  tell(): void;
  stop(): Promise<void>;
};

const CHECK_MS = 30_000;
const TELL_MS = 2_000;

export function createAlertWatch(
  parts: DeliverParts & {
    /** The engine's role: which organizations have something to do, nothing more. */
    pool: Pool;
    engine: Pick<Engine, "status">;
    nowMs: () => number;
    newId: () => string;
    log: Log;
    /** Rules were looked at, or messages were sent. */
    onChange?: (orgId: string) => void;
  },
): AlertWatch {
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let checkedAt = performance.now();
  let working: Promise<void> | undefined;
  let isAsked = false;
  arm();
  return {
    tell: () => {
      isAsked = true;
      void poke();
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await working;
    },
  };

  function arm(): void {
    clearTimeout(timer);
    if (!isStopped) timer = setTimeout(poke, TELL_MS).unref();
  }

  function poke(): void {
    working ??= work().finally(() => {
      working = undefined;
      if (isAsked && !isStopped) poke();
      else arm();
    });
  }

  async function work(): Promise<void> {
    isAsked = false;
    if (parts.engine.status().state !== "leading") return;
    try {
      if (performance.now() - checkedAt > CHECK_MS) {
        checkedAt = performance.now();
        for (const orgId of await organizationsToCheck(parts.pool)) {
          if (isStopped) return;
          await checkRules(parts, orgId);
          parts.onChange?.(orgId);
        }
      }
      for (const orgId of await organizationsToTell(parts.pool)) {
        if (isStopped) return;
        await deliverDue(parts, orgId);
        parts.onChange?.(orgId);
      }
    } catch (error) {
      if (!isStopped) parts.log("warn", "alerts could not be looked at", { error });
    }
  }
}
