// Fingerprints and signatures of data; also checks a signature that came with a request.
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { Item, Json, Outputs, PureCall } from "@auraos/kernel";
import { defineNode } from "../defineNode.ts";
import { withField } from "../fieldValues.ts";
import { valueKey } from "../keys.ts";
import { readConfig, wrongParameter } from "../readConfig.ts";
import { anyValue, pathField, z } from "../schema.ts";

const bytesAs = ["text", "hex", "base64"] as const;

const schema = z.strictObject({
  value: anyValue()
    .optional()
    .describe("What is hashed. Data is written as JSON with sorted fields. Default: the data of the item."),
  valueIs: z.enum(bytesAs).default("text").describe("How the value stands for bytes."),
  algorithm: z
    .enum(["sha256", "sha512", "sha384", "sha1", "md5"])
    .default("sha256")
    .describe("sha1 and md5 are for old services only; they protect nothing."),
  key: z
    .string()
    .min(1)
    .optional()
    .describe("Secret key: makes an HMAC, a signature, instead of a plain hash."),
  keyIs: z.enum(bytesAs).default("text").describe("How the key stands for bytes."),
  encoding: z.enum(["hex", "base64", "base64url"]).default("hex").describe("How the result is written."),
  expected: z
    .string()
    .optional()
    .describe(
      "A signature to check: the result is true or false then. A prefix such as sha256= is left out.",
    ),
  into: pathField("Field for the result.").default("hash"),
});

export const hashNode = defineNode({
  type: "hash",
  version: 1,
  name: "Hash",
  description: "Makes a fingerprint or an HMAC signature of data, or checks one that came with a request.",
  icon: "fingerprint",
  category: "transform",
  effect: "pure",
  per: "item",
  ports: ["main"],
  schema,
  example: { value: "{{ $json.email.toLowerCase() }}", algorithm: "sha256", into: "emailHash" },
  evaluate: hash,
});

function hash(call: PureCall): Outputs {
  const config = readConfig(schema, call.config);
  const item = call.items[0] as Item;
  const value = (config.value === undefined ? item.json : config.value) as Json;
  const text = typeof value === "string" ? value : valueKey(value);
  const bytes = bytesOf(text, config.valueIs, "value");
  const digest =
    config.key === undefined
      ? createHash(config.algorithm).update(bytes).digest()
      : createHmac(config.algorithm, bytesOf(config.key, config.keyIs, "key"))
          .update(bytes)
          .digest();
  const result =
    config.expected === undefined
      ? digest.toString(config.encoding)
      : isSame(digest, config.expected, config.encoding);
  return { main: { items: [withField(item, config.into, result)] } };
}

function bytesOf(text: string, kind: (typeof bytesAs)[number], field: string): Buffer {
  if (kind === "text") return Buffer.from(text, "utf8");
  const isRight = kind === "hex" ? /^([0-9a-f]{2})*$/i.test(text) : /^[A-Za-z0-9+/_-]*={0,2}$/.test(text);
  if (!isRight) throw wrongParameter(field, `is not ${kind}.`, `Set "${field}Is" to what it is.`);
  return Buffer.from(text, kind);
}

/** Takes the same time wherever the difference is. */
function isSame(digest: Buffer, expected: string, encoding: "hex" | "base64" | "base64url"): boolean {
  const given = Buffer.from(expected.trim().replace(/^[a-z0-9]+=(?=[^=])/i, ""), encoding);
  return given.length === digest.length && timingSafeEqual(given, digest);
}
