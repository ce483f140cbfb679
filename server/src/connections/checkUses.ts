// Before a workflow comes into service: are the connections its nodes name there, do they fit, and may whoever publishes
// it use them? A workflow does not lend its reader's rights: who brings it into service answers for what it uses.
import type { Problem, WorkflowDefinition } from "@auraos/kernel";
import type { NodeModule } from "@auraos/nodes";
import type { Deps } from "../deps.ts";
import { may } from "../platform/caller.ts";
import type { Transaction } from "../platform/db.ts";
import { invalid, refuse } from "../platform/errors.ts";
import type { Caller } from "../platform/http.ts";
import { findByNames } from "./store.ts";

type Use = { node: string; index: number; name: string; types: readonly string[] };

/** Throws a Refusal. */
export async function checkUses(
  deps: Deps,
  tx: Transaction,
  caller: Caller,
  definition: WorkflowDefinition,
): Promise<void> {
  const uses = usesOf(deps, definition);
  if (uses.length === 0) return;
  const names = [...new Set(uses.map(({ name }) => name))];
  if (!may(caller, "connection.use"))
    throw refuse(
      403,
      "NOT_ALLOWED",
      `This workflow uses connections (${names.slice(0, 3).join(", ")}), which you may not.`,
      "Ask somebody who may use them to publish or try it.",
    );
  const rows = new Map(
    (await findByNames(tx, { orgId: caller.orgId, envId: caller.envId, names })).map((row) => [
      row.name,
      row,
    ]),
  );
  const problems: Problem[] = uses.flatMap((use) => {
    const row = rows.get(use.name);
    if (!row)
      return [
        problem(
          use,
          "CONNECTION_MISSING",
          `There is no connection "${use.name}".`,
          "Create it, or choose another one.",
        ),
      ];
    if (!use.types.includes(row.type))
      return [
        problem(
          use,
          "CONNECTION_TYPE",
          `The connection "${use.name}" is of the kind ${row.type}, which does not fit here.`,
          `Choose one of the kind ${use.types.join(", ")}.`,
        ),
      ];
    return [];
  });
  if (problems.length > 0) throw invalid("Connections are missing or do not fit.", problems);
  const forbidden = [...rows.values()].find(
    ({ roles }) => roles !== null && caller.actions !== "all" && !roles.includes(caller.role),
  );
  if (forbidden)
    throw refuse(
      403,
      "CONNECTION_NOT_SHARED",
      `The connection "${forbidden.name}" is not shared with the role ${caller.role}.`,
      "Ask whoever looks after it.",
    );
}

function usesOf(deps: Deps, definition: WorkflowDefinition): Use[] {
  return definition.nodes.flatMap((node, index) => {
    const types = (deps.nodeType(node.type) as NodeModule | undefined)?.credentials;
    const name = node.config?.credential;
    return types && typeof name === "string" ? [{ node: node.id, index, name, types }] : [];
  });
}

function problem({ node, index }: Use, code: string, message: string, remedy: string): Problem {
  return { code, message, remedy, path: `/nodes/${index}/config/credential`, node, field: "credential" };
}
