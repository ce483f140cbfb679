// Node types for the palette, for people and for programs that write workflows. Made once: it never changes.
import { endpoints } from "@auraos/contract";
import { configSchema, type NodeModule } from "@auraos/nodes";
import { errorsOf } from "@auraos/nodes/errors/nodeErrors.ts";
import type { Deps } from "../deps.ts";
import { type Route, route } from "../platform/http.ts";
import { lazily } from "../platform/lazily.ts";

export function nodeTypeRoutes(deps: Pick<Deps, "nodeModules">): Route[] {
  const text = lazily(() => JSON.stringify({ items: deps.nodeModules.map(nodeTypeView) }));
  return [route(endpoints.listNodeTypes, () => ({ jsonText: text() }))];
}

export function nodeTypeView(module: NodeModule) {
  return {
    type: module.type,
    name: module.name,
    category: module.category,
    description: module.description,
    effect: module.effect,
    per: module.per,
    version: module.version,
    icon: module.icon,
    inputs: (module.inputs ?? [{ name: "main" }]).map((input) => ({
      name: input.name,
      required: input.required ?? input.name === "main",
      attachment: input.attachment ?? false,
    })),
    ports: typeof module.ports === "function" ? null : [...(module.ports ?? ["main"])],
    ...(typeof module.ports === "function" && module.ports.rules ? { portRules: module.ports.rules } : {}),
    rawFields: [...(module.rawFields ?? [])],
    ...(module.structure === undefined ? {} : { structure: module.structure }),
    ...(module.example === undefined ? {} : { example: module.example }),
    errors: Object.entries(errorsOf(module)).map(([code, { meaning, remedy, retryable }]) => ({
      code,
      meaning,
      remedy,
      retryable,
    })),
    schema: configSchema(module.schema),
  };
}
