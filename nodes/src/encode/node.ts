// Text to and from the forms it travels in.
import type { Item, Json } from "@auraos/kernel";
import { decodeHTMLStrict, escapeUTF8 } from "entities";
import { defineNode } from "../defineNode.ts";
import { nodeErrors } from "../errors/nodeErrors.ts";
import { changeFields, fieldChoice } from "../fieldValues.ts";
import { readConfig, show, wrongData } from "../readConfig.ts";
import { z } from "../schema.ts";

const schema = z.strictObject({
  operation: z.enum(["encode", "decode"]).describe("Into the form, or back to text."),
  format: z
    .enum(["base64", "base64url", "hex", "url", "html"])
    .describe("url writes %20 and the like; html writes &lt; and the like."),
  ...fieldChoice,
});
type Config = z.output<typeof schema>;

export const encodeNode = defineNode({
  type: "encode",
  version: 1,
  name: "Encode",
  description: "Writes text as Base64, hexadecimal, part of an address or HTML, and reads it back.",
  icon: "binary",
  category: "transform",
  effect: "pure",
  per: "item",
  ports: ["main"],
  errors: nodeErrors(["DATA_INVALID"]),
  schema,
  example: { operation: "encode", format: "base64", fields: ["token"], into: "encoded" },
  evaluate: (call) => {
    const config = readConfig(schema, call.config);
    return changeFields(call.items[0] as Item, config, (value, field) =>
      convert(textOf(value, field), config, field),
    );
  },
});

function textOf(value: Json, field: string): string {
  if (typeof value === "string") return value;
  throw wrongData(`"${field}" is ${show(value)}, not text.`);
}

function convert(text: string, { operation, format }: Config, field: string): string {
  if (operation === "encode") return encode(text, format);
  const decoded = decode(text, format);
  if (decoded === undefined)
    throw wrongData(`"${field}" is ${show(text)}, which is not ${format} of a text.`);
  return decoded;
}

function encode(text: string, format: Config["format"]): string {
  if (format === "url") return encodeURIComponent(text.toWellFormed());
  if (format === "html") return escapeUTF8(text);
  return Buffer.from(text, "utf8").toString(format);
}

function decode(text: string, format: Config["format"]): string | undefined {
  switch (format) {
    case "html":
      return decodeHTMLStrict(text);
    case "url":
      try {
        return decodeURIComponent(text);
      } catch {
        return undefined;
      }
    case "hex": {
      const plain = text.replace(/\s+/g, "");
      return /^([0-9a-f]{2})*$/i.test(plain) ? textOfBytes(Buffer.from(plain, "hex")) : undefined;
    }
    default: {
      // Either alphabet, with or without the signs at the end; lines as in mails.
      const plain = text.replace(/\s+/g, "");
      const isRight = /^[A-Za-z0-9+/_-]*={0,2}$/.test(plain) && plain.replace(/=+$/, "").length % 4 !== 1;
      return isRight ? textOfBytes(Buffer.from(plain, "base64")) : undefined;
    }
  }
}

/** Bytes that are no text would come out as rubbish; they belong into a file. */
function textOfBytes(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
