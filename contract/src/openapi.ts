// OpenAPI 3.1, generated from the endpoints: nothing in it is written by hand twice.
import { isOpen } from "./access.ts";
import { problemDetails } from "./common.ts";
import type { Endpoint } from "./endpoint.ts";
import { endpoints } from "./endpoints.ts";
import { z } from "./zod.ts";

type Schema = Record<string, unknown>;
type Components = Record<string, Schema>;

export function openapi(version: string): Schema {
  const components: Components = {};
  schemaOf(problemDetails, "output", components);
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [name, one] of Object.entries(endpoints) as [string, Endpoint][]) {
    const path = one.path.replace(/:(\w+)/g, "{$1}");
    paths[path] ??= {};
    paths[path][one.method] = operation(name, one, components);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "AuraOS",
      version,
      description: "Durable workflows: create, execute, watch, decide. Lists are {items, next?}.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    security: [{ key: [] }],
    paths,
    components: {
      schemas: components,
      securitySchemes: { key: { type: "http", scheme: "bearer", description: "API key" } },
    },
  };
}

/** The JSON Schema of a definition, on its own: every part is in `$defs`. */
export function jsonSchema(schema: z.ZodType, id: string): Schema {
  const { $ref, $defs, ...rest } = z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
  }) as Schema & {
    $ref?: string;
    $defs?: Components;
  };
  const root = $ref === undefined ? {} : $defs?.[$ref.replace("#/$defs/", "")];
  const { id: _, ...plain } = root ?? {};
  return { ...rest, $id: id, ...plain, ...($defs === undefined ? {} : { $defs }) };
}

function operation(name: string, one: Endpoint, components: Components): Schema {
  const success: Schema = { description: "Done." };
  if (one.reply) success.content = content(["application/json"], schemaOf(one.reply, "output", components));
  if (one.produces) success.content = content(one.produces, { type: "string" });
  const responses: Record<string, unknown> = { [String(one.status ?? 200)]: success };
  for (const [status, meaning] of Object.entries(one.also ?? {})) {
    responses[status] = Number(status) < 300 ? { ...success, description: meaning } : refusal(meaning);
  }
  responses.default = refusal("Refused, with code and remedy.");
  return {
    operationId: name,
    tags: [one.tag],
    summary: one.summary,
    ...(one.description === undefined ? {} : { description: one.description }),
    ...(isOpen(one.action) ? { security: [] } : {}),
    "x-action": one.action,
    parameters: parameters(one, components),
    ...(one.body && one.body.kind !== "none" ? { requestBody: requestBody(one, components) } : {}),
    responses,
  };
}

function refusal(description: string): Schema {
  return {
    description,
    content: content(["application/problem+json"], { $ref: "#/components/schemas/ProblemDetails" }),
  };
}

function requestBody(one: Endpoint, components: Components): Schema {
  const body = one.body;
  if (!body || body.kind === "bytes") {
    return {
      required: true,
      content: content(["application/octet-stream"], { type: "string", format: "binary" }),
    };
  }
  const types = body.kind === "json" ? ["application/json"] : ["application/json", "application/yaml"];
  const schema = body.schema ? schemaOf(body.schema, "input", components) : {};
  return { required: body.optional !== true, content: content(types, schema) };
}

function parameters(one: Endpoint, components: Components): Schema[] {
  const all: Schema[] = [];
  for (const [place, object] of [
    ["path", one.params],
    ["query", one.query],
  ] as const) {
    if (!object) continue;
    for (const [name, field] of Object.entries(object.shape) as [string, z.ZodType][]) {
      const schema = schemaOf(field, "input", components);
      const { description, ...rest } = schema;
      all.push({
        name,
        in: place,
        required: place === "path",
        ...(description === undefined ? {} : { description }),
        schema: rest,
      });
    }
  }
  for (const [name, description] of Object.entries(one.headers ?? {})) {
    all.push({ name, in: "header", required: false, description, schema: { type: "string" } });
  }
  return all;
}

function content(types: readonly string[], schema: Schema): Schema {
  return Object.fromEntries(types.map((type) => [type, { schema }]));
}

/** Named parts (`meta({id})`) move to the components; the rest stands in place. */
function schemaOf(schema: z.ZodType, io: "input" | "output", components: Components): Schema {
  const {
    $schema: _,
    $defs,
    id: _id,
    ...rest
  } = pointed(z.toJSONSchema(schema, { io, unrepresentable: "any" }) as Schema) as Schema & {
    $defs?: Components;
    id?: string;
  };
  for (const [name, part] of Object.entries($defs ?? {})) {
    const { id: _partId, ...plain } = part;
    components[name] = plain;
  }
  const name = schema.meta()?.id;
  if (name === undefined || rest.$ref !== undefined) return rest;
  components[name] = rest;
  return { $ref: `#/components/schemas/${name}` };
}

function pointed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pointed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) =>
      key === "$ref" && typeof child === "string"
        ? [key, child.replace("#/$defs/", "#/components/schemas/")]
        : [key, pointed(child)],
    ),
  );
}
