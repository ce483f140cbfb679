// `auraos validate FILE`: checks a workflow, without server and database.
import { compileTemplate } from "@auraos/expression";
import { compile, type Problem } from "@auraos/kernel";
import { findNodeType } from "@auraos/nodes";
import { loadNodes } from "../nodeTypes/loadNodes.ts";
import { type Command, CommandError, print, printJson, readArgs } from "./command.ts";
import { InvalidWorkflow, readWorkflowFile } from "./workflowFile.ts";

export const validate: Command = async (args, settings) => {
  if (settings.nodesDir !== undefined) await loadNodes(settings.nodesDir);
  const { values, positionals } = readArgs(args, { json: { type: "boolean", default: false } });
  const [path] = positionals;
  if (path === undefined) throw new CommandError(2, "Which file? auraos validate FILE");
  let problems: readonly Problem[];
  try {
    const { value } = readWorkflowFile(path);
    problems = problemsOf(value);
  } catch (error) {
    if (!(error instanceof InvalidWorkflow) || !values.json) throw error;
    problems = error.problems;
  }
  if (values.json) printJson({ valid: problems.length === 0, problems });
  else if (problems.length > 0) throw new InvalidWorkflow(path, problems);
  else print(`${path} is valid.`);
  return problems.length === 0 ? 0 : 2;
};

export function problemsOf(value: unknown): Problem[] {
  const compiled = compile(value, findNodeType, { compileTemplate });
  return compiled.ok ? [] : compiled.problems;
}
