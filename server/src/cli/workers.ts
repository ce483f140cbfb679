// `auraos workers`: see and change the workers of a server.
import type { WorkerList } from "@auraos/contract";
import { type Command, CommandError, print, printJson, readArgs } from "./command.ts";
import { type Api, ApiRefusal, reach } from "./reach.ts";

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
