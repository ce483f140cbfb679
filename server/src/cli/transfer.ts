// `auraos export WORKFLOW` and `auraos import FILE`.
import type { Workflow } from "@auraos/contract";
import type { Problem } from "@auraos/kernel";
import { type Command, CommandError, print, readArgs } from "./command.ts";
import { type Api, ApiRefusal, reach } from "./reach.ts";
import { InvalidWorkflow, readWorkflowFile } from "./workflowFile.ts";

export const exportWorkflow: Command = async (args, settings) => {
  const { values, positionals } = readArgs(args, {
    format: { type: "string", default: "json" },
    version: { type: "string" },
  });
  const [workflow] = positionals;
  if (workflow === undefined) throw new CommandError(2, "Which workflow? auraos export NAME|ID");
  if (values.format !== "json" && values.format !== "yaml")
    throw new CommandError(2, "--format is json or yaml.");
  return withApi(await reach(settings), async (api) => {
    const query = new URLSearchParams({ format: values.format });
    if (values.version !== undefined) query.set("version", values.version);
    print((await api.request("GET", `/api/v1/workflows/${await idOf(api, workflow)}/export?${query}`)).text);
  });
};

export const importWorkflow: Command = async (args, settings) => {
  const { values, positionals } = readArgs(args, {
    replace: { type: "boolean", default: false },
    draft: { type: "boolean", default: false },
  });
  const [path] = positionals;
  if (path === undefined) throw new CommandError(2, "Which file? auraos import FILE");
  const file = readWorkflowFile(path);
  return withApi(await reach(settings), async (api) => {
    const query = new URLSearchParams({
      replace: values.replace ? "1" : "0",
      publish: values.draft ? "0" : "1",
    });
    try {
      const reply = await api.request("POST", `/api/v1/workflows/import?${query}`, {
        body: file.text,
        type: file.type,
      });
      const { id, name, version } = reply.json as Workflow;
      print(`${id}  ${name}  ${version === null ? "draft" : `version ${version}`}`);
    } catch (error) {
      if (error instanceof ApiRefusal && error.details.problems)
        throw new InvalidWorkflow(path, error.details.problems as Problem[]);
      throw error;
    }
  });
};

async function withApi(api: Api, work: (api: Api) => Promise<void>): Promise<number> {
  try {
    await work(api);
    return 0;
  } catch (error) {
    if (error instanceof ApiRefusal) throw new CommandError(1, error.message);
    throw error;
  } finally {
    await api.close();
  }
}

async function idOf(api: Api, workflow: string): Promise<string> {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(workflow)) return workflow;
  const query = new URLSearchParams({ name: workflow, limit: "1" });
  const found = (await api.request("GET", `/api/v1/workflows?${query}`)).json as { items: { id: string }[] };
  const id = found.items[0]?.id;
  if (id === undefined) throw new CommandError(1, `There is no workflow named "${workflow}".`);
  return id;
}
