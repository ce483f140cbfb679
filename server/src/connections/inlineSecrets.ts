// Secrets belong into connections, not into definitions: a definition is read by everybody who may look at workflows, kept
// in every version, exported, and stands in the database as it is. So a definition with one is refused before it is stored.
import { isObject, type Problem } from "@auraos/kernel";
import type { NodeModule } from "@auraos/nodes";
import { configSchema } from "@auraos/nodes/configSchema.ts";
import type { Deps } from "../deps.ts";
import { invalid } from "../platform/errors.ts";

/** Throws 422. `definition` may be anything. */
export function refuseInlineSecrets(deps: Pick<Deps, "nodeType">, definition: unknown): void {
  if (!isObject(definition) || !Array.isArray(definition.nodes)) return;
  const problems = definition.nodes.flatMap((node, index) => {
    if (!isObject(node) || !isObject(node.config)) return [];
    const module = deps.nodeType(String(node.type)) as NodeModule | undefined;
    if (!module?.schema) return [];
    const kinds = module.credentials?.join(" or ");
    return secretsIn(configSchema(module.schema), node.config, []).map((field): Problem => {
      const path = `/nodes/${index}/config/${field.replaceAll(".", "/")}`;
      return {
        code: "SECRET_INLINE",
        message: `"${field}" of "${String(node.id)}" holds a secret, which everybody who may read the workflow could see.`,
        remedy:
          kinds === undefined
            ? "Take it from a connection."
            : `Make a connection of the kind ${kinds}, and name it in the field "credential".`,
        ...{ path, node: String(node.id), field },
      };
    });
  });
  if (problems.length > 0) throw invalid("Secrets belong into connections; nothing was stored.", problems);
}

function secretsIn(schema: unknown, value: unknown, path: readonly string[]): string[] {
  if (!isObject(schema)) return [];
  if (schema.format === "password") return isSecret(value) ? [path.join(".")] : [];
  if (!isObject(value) || !isObject(schema.properties)) return [];
  const { properties } = schema;
  return Object.keys(value).flatMap((name) =>
    Object.hasOwn(properties, name) ? secretsIn(properties[name], value[name], [...path, name]) : [],
  );
}

/** A text that is no template. Of an address only its password is one. */
function isSecret(value: unknown): boolean {
  if (typeof value !== "string" || value === "" || value.includes("{{")) return false;
  const url = value.includes("://") ? URL.parse(value) : null;
  return url === null || url.password !== "";
}
