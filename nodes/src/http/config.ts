// The settings of an HTTP call, as the files of this folder share them.
import { credentialField } from "../credentials/credentialField.ts";
import { httpCredentials } from "../credentials/credentialTypes.ts";
import { anyValue, pathField, z } from "../schema.ts";

const bounds = {
  pagesMax: z.int().min(1).max(10_000).default(100).describe("Pages to fetch at most."),
  itemsMax: z.int().min(1).max(1_000_000).default(100_000).describe("Elements to fetch at most."),
  whenMore: z
    .enum(["fail", "stop"])
    .default("fail")
    .describe("When there is more than that: fail, or stop and give what was fetched."),
};

const paging = z.discriminatedUnion("type", [
  z
    .strictObject({
      type: z.literal("page").describe("Pages have numbers."),
      parameter: z.string().min(1).default("page").describe("Query parameter of the page number."),
      start: z.int().min(0).default(1).describe("Number of the first page."),
      pagesField: pathField(
        "Where the reply tells the number of pages. Default: until a page is empty.",
      ).optional(),
      ...bounds,
    })
    .describe("Numbered pages"),
  z
    .strictObject({
      type: z.literal("offset").describe("Pages start at a place in the list."),
      parameter: z.string().min(1).default("offset").describe("Query parameter of the place."),
      limitParameter: z.string().min(1).default("limit").describe("Query parameter of the page size."),
      limit: z.int().min(1).describe("Page size; a shorter page is the last."),
      ...bounds,
    })
    .describe("Offset and limit"),
  z
    .strictObject({
      type: z.literal("cursor").describe("Each page tells the cursor of the next."),
      parameter: z.string().min(1).default("cursor").describe("Query parameter of the cursor."),
      cursorField: pathField("Where the reply tells the next cursor; nothing there ends the list."),
      ...bounds,
    })
    .describe("Cursor"),
  z
    .strictObject({
      type: z.literal("link").describe("Each page links to the next."),
      nextField: pathField(
        "Where the reply tells the next address. Default: the Link header (rel=next).",
      ).optional(),
      ...bounds,
    })
    .describe("Link to the next page"),
]);

const auth = z.discriminatedUnion("type", [
  z
    .strictObject({
      type: z.literal("basic").describe("User and password."),
      user: z.string().describe("User."),
      password: z.string().describe("Password."),
    })
    .describe("Basic"),
  z
    .strictObject({
      type: z.literal("bearer").describe("Token in the Authorization header."),
      token: z.string().min(1).describe("Token."),
    })
    .describe("Bearer token"),
  z
    .strictObject({
      type: z.literal("header").describe("A header of the service's own."),
      name: z.string().min(1).describe("Name of the header."),
      value: z.string().describe("Value of the header."),
    })
    .describe("Header"),
]);

const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);

export const httpSchemaFields = {
  method: z
    .enum(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
    .default("GET")
    .describe("Method."),
  url: z.string().min(1).describe("Address, starting with http:// or https://."),
  query: z
    .record(z.string(), z.union([value, z.array(value)]))
    .optional()
    .describe("Query parameters; a list repeats the parameter, null leaves it out."),
  credential: credentialField(httpCredentials).optional(),
  auth: auth.optional().describe("How to sign in without a connection."),
  body: anyValue()
    .optional()
    .describe(
      "What to send. For multipart: fields; {file} sends a file of the item, {content, name} a file written here.",
    ),
  bodyType: z
    .enum(["json", "form", "text", "multipart", "file"])
    .default("json")
    .describe("Form of the body. With json, text counts as JSON already written."),
  file: z.string().min(1).default("data").describe("Name of the item's file to send (body type file)."),
  response: z
    .enum(["auto", "json", "text", "file"])
    .default("auto")
    .describe("Form of the reply. Auto goes by the service's Content-Type."),
  itemsField: pathField("Where the list stands within the reply. Default: the reply itself.").optional(),
  split: z.boolean().default(true).describe("One item per element when the reply is a list."),
  full: z.boolean().default(false).describe("Give status, headers and body instead of the body alone."),
  failOnStatus: z.boolean().default(true).describe("Does a status from 400 on count as a failure?"),
  redirectsMax: z.int().min(0).max(20).optional().describe("Redirects to follow at most."),
  responseBytesMax: z
    .int()
    .min(1)
    .max(10_000_000_000)
    .optional()
    .describe("Most bytes of a reply, unpacked. Default: 50,000,000. More than 256,000,000 only as a file."),
  paging: paging.optional().describe("Fetch all pages of a list."),
};

const shared = z.strictObject(httpSchemaFields);
export type HttpConfig = z.output<typeof shared> & {
  headers?: Record<string, string | number | boolean | null> | undefined;
  idempotencyHeader?: string | undefined;
  timeoutSeconds?: number | undefined;
};
export type Paging = NonNullable<HttpConfig["paging"]>;
