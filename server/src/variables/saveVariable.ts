// Creates, replaces and deletes variables, within what an execution can carry.
import { type Variable, type VariableBody, variableName } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import { notFound, refuse } from "../platform/errors.ts";
import type { Caller } from "../platform/http.ts";
import { TOTAL_BYTES_MAX, VALUE_BYTES_MAX, VARIABLES_MAX } from "./limits.ts";
import { countOthers, deleteVariable, lockEnvironment, putVariable } from "./store.ts";
import { variableView } from "./view.ts";

export async function saveVariable(
  deps: Deps,
  caller: Caller,
  name: string,
  body: VariableBody,
): Promise<Variable> {
  if (!isName(name))
    throw refuse(
      422,
      "NAME_INVALID",
      "A variable's name has up to 100 letters (a to z), digits and _, and no digit first.",
      "Expressions read it as $vars.name: choose a name such as region or max_orders.",
    );
  const text = JSON.stringify(body.value);
  const bytes = Buffer.byteLength(text);
  if (bytes > VALUE_BYTES_MAX)
    throw refuse(
      422,
      "VALUE_TOO_LARGE",
      `The value of "${name}" has ${bytes} bytes as JSON; ${VALUE_BYTES_MAX} are allowed.`,
      "Keep large data in a data table or a file.",
    );
  const { orgId, envId, userId: createdBy } = caller;
  const row = await withTenant(deps.api, orgId, async (tx) => {
    await lockEnvironment(tx, caller);
    const others = await countOthers(tx, caller, name);
    if (others.count >= VARIABLES_MAX)
      throw refuse(
        409,
        "TOO_MANY_VARIABLES",
        `There are ${VARIABLES_MAX} variables already.`,
        "Delete one, or keep lists in a data table.",
      );
    if (others.bytes + bytes > TOTAL_BYTES_MAX)
      throw refuse(
        409,
        "VARIABLES_TOO_LARGE",
        `All variables together would have ${others.bytes + bytes} bytes; ${TOTAL_BYTES_MAX} are allowed.`,
        "Keep large data in a data table or a file.",
      );
    const description = body.description || null;
    return putVariable(tx, { orgId, envId }, { name, text, bytes, description, createdBy });
  });
  deps.variables.forget();
  return variableView(row);
}

export async function removeVariable(deps: Deps, caller: Caller, name: string): Promise<void> {
  const isDeleted =
    isName(name) && (await withTenant(deps.api, caller.orgId, (tx) => deleteVariable(tx, caller, name)));
  if (!isDeleted) throw notFound(`variable named "${name}"`, "GET /api/v1/variables lists those there are.");
  deps.variables.forget();
}

function isName(name: string): boolean {
  return variableName.safeParse(name).success;
}
