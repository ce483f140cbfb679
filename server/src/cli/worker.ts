// `auraos worker`: be a worker of a server, from any machine. `auraos workers`: see and change those of a server.
import type { WorkerList } from "@auraos/contract";
import { defaultName, ownVersion, serve } from "../workers/process/connect.ts";
import { runWorker } from "../workers/process/runWorker.ts";
import { type Command, CommandError, print, printJson, readArgs, say } from "./command.ts";
import { type Api, ApiRefusal, reach } from "./reach.ts";

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

  const ending = new AbortController();
  const onSignal = () => (ending.signal.aborted ? process.exit(1) : ending.abort());
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  const running = await runWorker({
    version: ownVersion(),
    name: values.name ?? defaultName(),
    labels: values.label,
    concurrency,
    memoryMb: settings.activityMb,
    allowHosts: settings.allowHosts,
  });
  const { server } = values;
  const end = await serve(running, { server, key, say, signal: ending.signal });
  process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  await running.stop();
  if (end.kind === "refused") throw new CommandError(1, end.message);
  say(end.kind === "drained" ? "Drained by the server." : "Ended.");
  return 0;
};

const verbs = ["list", "set", "drain", "remove"];

export const workers: Command = async (args, settings) => {
  const { values, positionals } = readArgs(args, { json: { type: "boolean", default: false } });
  const [verb = "list", what] = positionals;
  if (!verbs.includes(verb))
    throw new CommandError(2, `workers ${verb}? It is list, set N, drain ID or remove ID.`);
  if (verb !== "list" && what === undefined)
    throw new CommandError(2, `auraos workers ${verb} ${verb === "set" ? "N" : "ID"}`);
  const api = await reach(settings);
  try {
    if (!api.isOther && verb !== "list") throw new CommandError(1, "No server runs on this data folder.");
    const list = await change(api, verb, what ?? "");
    if (values.json) printJson(list);
    else show(list);
    return 0;
  } catch (error) {
    if (error instanceof ApiRefusal) throw new CommandError(1, error.message);
    throw error;
  } finally {
    await api.close();
  }
};

async function change(api: Api, verb: string, what: string): Promise<WorkerList> {
  const id = encodeURIComponent(what);
  if (verb === "set") {
    const body = JSON.stringify({ count: Number(what) });
    return (await api.request("PUT", "/api/v1/workers/local", { body })).json as WorkerList;
  }
  if (verb === "drain") await api.request("POST", `/api/v1/workers/${id}/drain`);
  if (verb === "remove") await api.request("DELETE", `/api/v1/workers/${id}`);
  return (await api.request("GET", "/api/v1/workers")).json as WorkerList;
}

function show({ items, local, waiting, lost }: WorkerList): void {
  print(`${local} local wanted, ${waiting} activities waiting, ${lost} workers lost`);
  for (const one of items) {
    const labels = one.labels.length > 0 ? `[${one.labels.join(", ")}]` : "";
    print(
      [one.id, one.kind.padEnd(6), one.state.padEnd(8), `${one.busy}/${one.concurrency}`, one.name, labels]
        .join("  ")
        .trimEnd(),
    );
  }
}
