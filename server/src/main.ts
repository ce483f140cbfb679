// `auraos start`: reads the settings, runs the server, ends it gracefully on SIGTERM and SIGINT.
import { assemble, type Running } from "./assemble.ts";
import { createLog } from "./platform/log.ts";
import type { Settings } from "./platform/settings.ts";

export async function startServer(settings: Settings): Promise<void> {
  const startedAt = performance.now();
  const log = createLog(settings.logLevel);
  const end = endOnSignals(log);
  const running = await assemble(settings, { log });
  greet(running, performance.now() - startedAt, await running.deps.identity.setUpToken());
  end.onSignal(async () => {
    await running.stop();
  });
}

function greet(running: Running, tookMs: number, setUpToken: string | undefined): void {
  const lines = [`AuraOS is running at ${running.url}  (ready after ${(tookMs / 1000).toFixed(1)} s)`];
  if (running.newKey !== undefined) lines.push("", `API key, shown this once: ${running.newKey}`, "");
  // After #, so that the token reaches no log on its way. It ends with this process, and with the first account.
  if (setUpToken !== undefined) lines.push(`Make the owner's account: ${running.url}/set-up#${setUpToken}`);
  lines.push(`API: ${running.url}/api/docs   data: ${running.deps.settings.dataDir}`);
  process.stdout.write(`${lines.join("\n")}\n`);
}

/** The first signal drains; a second one does not wait any more. */
function endOnSignals(log: ReturnType<typeof createLog>): { onSignal(stop: () => Promise<void>): void } {
  let stop: (() => Promise<void>) | undefined;
  let signals = 0;
  const onSignal = (signal: NodeJS.Signals) => {
    signals += 1;
    if (signals > 1 || stop === undefined) process.exit(signals > 1 ? 1 : 0);
    log("info", "ending: open requests and running activities are finished first", { signal });
    stop().then(
      () => {
        log("info", "ended");
        process.exit(0);
      },
      (error: unknown) => {
        log("error", "the end was not clean", { error });
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
  process.on("unhandledRejection", (error) =>
    log("error", "a promise was rejected and nobody listened", { error }),
  );
  return {
    onSignal: (given) => {
      stop = given;
    },
  };
}
