// Entry of a worker process of this machine, started by localWorkers.ts with an empty environment and few rights. It
// ends with its server: a pipe that closes is the end.
import type { ToWorker } from "@auraos/contract";
import type { Link } from "./link.ts";
import { runWorker, type WorkerOptions } from "./runWorker.ts";

const options = JSON.parse(process.argv[2] ?? "{}") as WorkerOptions;
const end = () => process.exit(0);
process.on("disconnect", end);
// The server says when; a Ctrl-C in the terminal reaches every process of the group.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => {});

const worker = await runWorker(options);
const link: Link = {
  send: (message) => void process.send?.(JSON.stringify(message), undefined, undefined, () => {}),
  onMessage: (listen) => void process.on("message", (text) => listen(JSON.parse(String(text)) as ToWorker)),
  onClose: (listen) => void process.on("disconnect", listen),
  close: end,
};
worker.onDrained(() => setTimeout(end, 50));
worker.attach(link);
