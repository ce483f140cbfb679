// The values of a connection: checked by the schema of its kind, then parted into what may be read and what is sealed.
import { hash } from "node:crypto";
import { isObject, type Json, type JsonObject, type Problem } from "@auraos/kernel";
import type { CredentialType } from "@auraos/nodes/credentials/defineCredential.ts";
import { refuse } from "../platform/errors.ts";

export type Parts = { public: JsonObject; secret: JsonObject };

export function checkValues(type: CredentialType, values: unknown): JsonObject {
  const read = type.schema.safeParse(values);
  if (read.success) return read.data as JsonObject;
  const problems: Problem[] = read.error.issues.map(({ path, message }) => ({
    code: "FIELD_INVALID",
    message: `${path.map(String).join(".") || "values"}: ${message}`,
    remedy: "See /api/v1/connection-types for what is expected.",
    path: `/values${path.map((step) => `/${String(step)}`).join("")}`,
    field: path.map(String).join("."),
  }));
  throw refuse(
    422,
    "VALUES_INVALID",
    `The values do not suit a connection of the kind ${type.type}: ${problems[0]?.message ?? ""}`,
    "Correct what `problems` lists.",
    { problems },
  );
}

export function partValues(type: CredentialType, values: JsonObject): Parts {
  const parts: Parts = { public: {}, secret: {} };
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) parts[type.secretFields.includes(name) ? "secret" : "public"][name] = value;
  }
  return parts;
}

/** A few characters of a hash bound to the connection: tells whether a secret is still the same, and nothing of it. */
export function marksOf(id: string, secret: JsonObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(secret).map(([name, value]) => [
      name,
      hash("sha256", JSON.stringify([id, name, value]), "hex").slice(0, 8),
    ]),
  );
}

/** What a secret is bound to: whoever changes it must know the secret. */
export function bindingOf(type: CredentialType, open: JsonObject, hosts: readonly string[]): string {
  const places = Object.entries(open).filter(([, value]) => isAddress(value));
  const own = type.hosts === "own" ? [open.host, open.port, open.encryption, open.baseUrl] : [];
  return JSON.stringify([[...hosts].sort(), own.map((value) => value ?? null), places.sort()]);
}

function isAddress(value: Json): boolean {
  return typeof value === "string" && /^https?:\/\//.test(value);
}

export function isEmptyValue(value: Json | undefined): boolean {
  return (
    value === undefined ||
    value === null ||
    value === "" ||
    (isObject(value) && Object.keys(value).length === 0)
  );
}
