// The server that is measured, in a process of its own: the product's, with the bench's node types beside the
// library's. Tells its parent its port when it leads, and what it is asked; settings come from the environment, as in
// the product.
import { assemble, createLog, readSettings } from "@auraos/server";
import { benchNodes } from "../engine/benchNodes.ts";
import type { Answer, Ended } from "./startServer.ts";

const settings = readSettings(process.env);
const running = await assemble(settings, { log: createLog(settings.logLevel), nodeModules: benchNodes });
let ended: Ended = { count: 0, firstAtMs: 0, lastAtMs: 0 };
running.deps.engine.subscribe(({ status }) => {
  if (status !== "succeeded") return;
  ended.count += 1;
  ended.lastAtMs = Date.now();
  if (ended.count === 1) ended.firstAtMs = ended.lastAtMs;
});
process.on("message", (question) => {
  if (question === "forget") ended = { count: 0, firstAtMs: 0, lastAtMs: 0 };
  if (question === "memory") globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  process.send?.({ ended, liveBytes: heapUsed + external } satisfies Answer);
});
const stop = () => void running.stop().then(() => process.exit(0));
process.on("SIGTERM", stop);
// The bench has ended, however it did: nothing is left behind.
if (process.connected) process.on("disconnect", stop);
process.send?.({ port: running.deps.settings.port });
