// Ids for items. They look like chance, but come from the execution's seed: a replay gives the same ones.
import { createHash } from "node:crypto";
import type { Item, Outputs, PureCall } from "@auraos/kernel";
import { defineNode } from "../defineNode.ts";
import { withField } from "../fieldValues.ts";
import { readConfig } from "../readConfig.ts";
import { pathField, z } from "../schema.ts";

const namespaces: Record<string, string> = {
  dns: "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
  url: "6ba7b811-9dad-11d1-80b4-00c04fd430c8",
};
const uuidText = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const schema = z.strictObject({
  version: z
    .enum(["v4", "v5", "v7"])
    .default("v4")
    .describe("v4: unlike any other. v7: sorts by time. v5: the same for the same name, always."),
  name: z
    .string()
    .optional()
    .describe("v5: what the id stands for, such as an address or a customer number."),
  namespace: z
    .string()
    .refine((text) => Object.hasOwn(namespaces, text) || uuidText.test(text), "must be dns, url or a UUID.")
    .default("url")
    .describe("v5: names of what: dns, url, or a UUID of your own."),
  into: pathField("Field for the id.").default("id"),
});

export const uuidNode = defineNode({
  type: "uuid",
  version: 1,
  name: "Make id",
  description:
    "Gives each item a UUID: a new one, one that sorts by time, or always the same one for the same name.",
  icon: "key-round",
  category: "transform",
  effect: "pure",
  per: "item",
  ports: ["main"],
  schema,
  example: { version: "v7", into: "id" },
  checkConfig: (config) =>
    config.version === "v5" && config.name === undefined
      ? [{ field: "name", code: "FIELD_MISSING", message: 'v5 makes the id of a name, so "name" is needed.' }]
      : [],
  evaluate: (call) => {
    const config = readConfig(schema, call.config);
    return made(call, config.into, idOf(call, config));
  },
});

function made(call: PureCall, into: string, id: string): Outputs {
  return { main: { items: [withField(call.items[0] as Item, into, id)] } };
}

function idOf(call: PureCall, config: z.output<typeof schema>): string {
  if (config.version === "v5") {
    const space = Buffer.from((namespaces[config.namespace] ?? config.namespace).replaceAll("-", ""), "hex");
    const hash = createHash("sha1")
      .update(space)
      .update(config.name ?? "", "utf8")
      .digest();
    return uuid(hash.subarray(0, 16), 5);
  }
  const bytes = createHash("sha256").update(`uuid/${call.seed}/${call.index}`).digest().subarray(0, 16);
  if (config.version === "v4") return uuid(bytes, 4);
  bytes.writeUIntBE(Math.floor(call.nowMs), 0, 6);
  return uuid(bytes, 7);
}

function uuid(given: Uint8Array, version: number): string {
  const bytes = Buffer.from(given);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4);
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
