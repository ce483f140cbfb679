// A workflow in a file: read, told apart by its name, and shown with its problems.
import { readFileSync } from "node:fs";
import { extname } from "node:path";
import type { Problem } from "@auraos/kernel";
import { Refusal } from "../platform/errors.ts";
import { checkDocument, parseJson, parseYaml } from "../platform/json.ts";
import { CommandError } from "./command.ts";

export type WorkflowFile = { text: string; type: "application/json" | "application/yaml"; value: unknown };

export function readWorkflowFile(path: string): WorkflowFile {
  const text = readText(path);
  const isYaml = [".yaml", ".yml"].includes(extname(path).toLowerCase());
  try {
    const value = isYaml ? parseYaml(text) : parseJson(text);
    checkDocument(value, { strictText: true });
    return { text, type: isYaml ? "application/yaml" : "application/json", value };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const problems = error.problems ?? [];
    throw new InvalidWorkflow(
      path,
      problems.length > 0 ? problems : [{ ...error, message: error.message, path: "" }],
    );
  }
}

export function readText(path: string): string {
  try {
    return readFileSync(path === "-" ? 0 : path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason =
      code === "ENOENT" ? "is not there" : code === "EISDIR" ? "is a folder" : `cannot be read (${code})`;
    throw new CommandError(2, `${path} ${reason}.`);
  }
}

/** Exit code 2, with what is wrong and where. */
export class InvalidWorkflow extends CommandError {
  readonly problems: readonly Problem[];
  constructor(path: string, problems: readonly Problem[]) {
    super(2, `${path} is not a valid workflow:\n${problems.map(problemLine).join("\n")}`);
    this.problems = problems;
  }
}

function problemLine(problem: Problem): string {
  const place = [
    problem.node === undefined ? undefined : `node ${problem.node}`,
    problem.field,
    problem.position === undefined ? undefined : `character ${problem.position}`,
  ].filter((part) => part !== undefined);
  const where = place.length > 0 ? place.join(", ") : problem.path || "document";
  return `  ${where}: ${problem.message} ${problem.remedy} [${problem.code}]`;
}
