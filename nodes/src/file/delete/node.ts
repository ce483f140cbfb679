// Deletes a file of the file area. A file that is already gone is no error, so a repeat changes nothing more.
import type { Outputs } from "@auraos/kernel";
import { type ActivityCall, type ActivityContext, defineNode } from "../../defineNode.ts";
import { nodeErrors } from "../../errors/nodeErrors.ts";
import { readConfig } from "../../readConfig.ts";
import { z } from "../../schema.ts";
import { fileFailure } from "../failure.ts";

const schema = z.strictObject({
  path: z.string().min(1).describe("Path within the file area."),
});

export const fileDelete = defineNode({
  type: "file.delete",
  version: 1,
  name: "Delete file",
  description:
    "Deletes a file of the file area. Tells whether it was there; a file that is gone already is no error.",
  icon: "file-x",
  category: "action",
  effect: "idempotent",
  per: "item",
  ports: ["main"],
  errors: nodeErrors(["FILE_NOT_ALLOWED", "DISK_FULL"], "files"),
  schema,
  example: { path: "{{ $json.path }}" },
  run,
});

async function run(call: ActivityCall, context: ActivityContext): Promise<Outputs> {
  const { path } = readConfig(schema, call.config);
  try {
    return { main: { items: [{ json: { path, deleted: await context.files.remove(path) } }] } };
  } catch (error) {
    throw fileFailure(error, path);
  }
}
