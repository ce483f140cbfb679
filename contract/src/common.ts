// Shapes that every part of the API shares.
import { z } from "./zod.ts";

export const id = z.uuid().meta({ description: "UUID." });
export const instant = z.iso.datetime().meta({ description: "ISO 8601 time in UTC." });

/** Any JSON value; its schema says nothing on purpose. */
export const json = z.unknown().meta({ description: "Any JSON value." });

export const problem = z
  .object({
    code: z.string(),
    message: z.string(),
    remedy: z.string().describe("What to do about it."),
    path: z.string().describe("JSON Pointer into the document."),
    node: z.string().optional(),
    field: z.string().optional(),
    position: z.int().optional().describe("Character offset within the field's text."),
  })
  .meta({ id: "Problem", description: "Something wrong with a document, located." });

/** RFC 9457 with what a person needs to go on. */
export const problemDetails = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().describe("Stable; programs may rely on it."),
    remedy: z.string(),
    problems: z.array(problem).optional(),
    requestId: z.string().optional(),
    executionId: z.string().optional(),
  })
  .meta({ id: "ProblemDetails", description: "Every refusal of the API (application/problem+json)." });
export type ProblemDetails = z.infer<typeof problemDetails>;

export const failure = z
  .looseObject({
    code: z.string(),
    class: z.string(),
    message: z.string(),
    remedy: z.string().optional(),
    run: z.string().optional().describe("Node run in which it happened."),
    item: z.int().optional(),
    field: z.string().optional(),
    position: z.int().optional(),
  })
  .meta({ id: "Failure", description: "Why a node run or an execution failed." });

export const fileRef = z
  .object({ blob: z.string(), name: z.string(), mimeType: z.string(), bytes: z.int() })
  .meta({ id: "FileRef", description: "A file in the blob store." });

export const item = z
  .object({ json, files: z.record(z.string(), fileRef).optional() })
  .meta({ id: "Item", description: "One element travelling on a wire." });

/** A page of a list; `next` is what `after` takes to go on. */
export function page<Schema extends z.ZodType>(schema: Schema) {
  return z.object({ items: z.array(schema), next: z.string().optional() });
}

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(500).default(50).describe("Entries per page."),
  after: z.string().max(400).optional().describe("`next` of the page before."),
};

/** For lists that are searched by name. */
export const searchQuery = {
  search: z.string().max(200).optional().describe("Part of the name."),
};

export const flag = z
  .enum(["0", "1", "true", "false"])
  .transform((text) => text === "1" || text === "true")
  .describe("1 or 0.");

export const waitSeconds = z.coerce
  .number()
  .min(0)
  .max(300)
  .optional()
  .describe("Seconds to wait for the end (at most 300).");
