// Tasks that can be installed: backup, weekly report, data sync, clean-up, health check, reminder. Each is a workflow of
// its own with its values filled in, and a task around it with a schedule, a window and what is done when it fails.
import { type installBody, type TaskTemplate, taskBody, type z } from "@auraos/contract";
import type { Json, JsonObject } from "@auraos/kernel";
import type { Deps } from "../deps.ts";
import { refuse } from "../platform/errors.ts";
import type { Caller } from "../platform/http.ts";
import { createWorkflow } from "../workflows/createWorkflow.ts";
import { createTask } from "./saveTask.ts";
import { retireTarget } from "./target.ts";
import { type Template, templateList, type Values } from "./templateList.ts";

export function templates(): TaskTemplate[] {
  return templateList.map(({ id, name, description, parameters }) => ({ id, name, description, parameters }));
}

export async function installTemplate(
  deps: Deps,
  caller: Caller,
  id: string,
  body: z.output<typeof installBody> | undefined,
): Promise<string> {
  const template = templateList.find((one) => one.id === id);
  if (!template)
    throw refuse(
      404,
      "TEMPLATE_UNKNOWN",
      `There is no template "${id}".`,
      "GET /api/v1/tasks/templates lists them.",
    );
  const { parameters = {}, paused = true, name = template.name } = body ?? {};
  const values = valuesOf(template, parameters as JsonObject);
  const { definition, task } = template.make(values);
  const workflowId = await createWorkflow(deps, caller, {
    body: { ...definition, name: `${name} (template)`.slice(0, 255), description: template.description },
    publish: true,
  });
  try {
    const run = { kind: "workflow", workflow: workflowId };
    return await createTask(
      deps,
      caller,
      taskBody.parse({ description: template.description, ...task, name, run, paused }),
    );
  } catch (error) {
    // Without its task nobody would want the workflow.
    await retireTarget(deps, caller, workflowId);
    throw error;
  }
}

function valuesOf(template: Template, given: JsonObject): Values {
  const problems = template.parameters.flatMap((parameter) =>
    parameter.required && given[parameter.name] === undefined
      ? [
          {
            ...{
              code: "PARAMETER_MISSING",
              message: `"${parameter.name}" is missing: ${parameter.description}`,
            },
            ...{
              remedy: "Give it in `parameters`.",
              path: `/parameters/${parameter.name}`,
              field: "parameters",
            },
          },
        ]
      : [],
  );
  const known = new Set(template.parameters.map(({ name }) => name));
  for (const name of Object.keys(given))
    if (!known.has(name))
      problems.push({
        ...{ code: "PARAMETER_UNKNOWN", message: `"${name}" is no parameter of this template.` },
        ...{ remedy: `It has ${[...known].join(", ")}.`, path: `/parameters/${name}`, field: "parameters" },
      });
  const [first] = problems;
  if (first) throw refuse(422, "TEMPLATE_INVALID", first.message, first.remedy, { problems });
  const defaults = Object.fromEntries(
    template.parameters.map((one) => [one.name, (one.default ?? null) as Json]),
  );
  return { ...defaults, ...given } as Values;
}
