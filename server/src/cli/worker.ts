// `auraos worker`: be a worker of a server, from any machine. Loads nothing of the server itself, so it starts fast.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadNodes } from "../nodeTypes/loadNodes.ts";
import { defaultName, ownVersion, serve } from "../workers/process/connect.ts";
import { runWorker } from "../workers/process/runWorker.ts";
import { type Command, CommandError, readArgs, say } from "./command.ts";

const labelPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

export const worker: Command = async (args, settings) => {
  const { values } = readArgs(args, {
    server: { type: "string" },
    key: { type: "string" },
    label: { type: "string", multiple: true, default: [] },
    name: { type: "string" },
    concurrency: { type: "string", default: "1" },
  });
  const key = values.key ?? process.env.AURAOS_WORKER_KEY;
  if (values.server === undefined || !/^https?:\/\/[^/]+/.test(values.server))
    throw new CommandError(2, "Which server? auraos worker --server https://auraos.example.com --key KEY");
  if (key === undefined || key === "")
    throw new CommandError(2, "Which key? --key KEY, or AURAOS_WORKER_KEY in the environment.");
  const concurrency = Number(values.concurrency);
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > 64)
    throw new CommandError(2, `--concurrency is a whole number from 1 to 64, not "${values.concurrency}".`);
  const wrong = values.label.find((label) => !labelPattern.test(label));
  if (wrong !== undefined)
    throw new CommandError(2, `The label "${wrong}" is not made of letters, digits, dots, _ and -.`);

  // Once here, where whoever started it is told what is wrong; then in each thread.
  if (settings.nodesDir !== undefined) await loadNodes(settings.nodesDir);

  const ending = new AbortController();
  const onSignal = () => (ending.signal.aborted ? process.exit(1) : ending.abort());
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  const scratch = mkdtempSync(join(tmpdir(), "auraos-worker-"));
  process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));
  const running = await runWorker({
    version: ownVersion(),
    name: values.name ?? defaultName(),
    labels: values.label,
    concurrency,
    memoryMb: settings.activityMb,
    allowHosts: settings.allowHosts,
    scratch,
    nodesDir: settings.nodesDir,
  });
  const { server } = values;
  const end = await serve(running, { server, key, say, signal: ending.signal });
  process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  await running.stop();
  if (end.kind === "refused") throw new CommandError(1, end.message);
  say(end.kind === "drained" ? "Drained by the server." : "Ended.");
  return 0;
};
