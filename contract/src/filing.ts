// Where a workflow is kept: its folder, its tags and who answers for it. None of it is part of the definition, so that
// moving a workflow publishes nothing.
import { z } from "./zod.ts";

const FOLDER_MAX = 200;
const TAG_MAX = 50;
const TAGS_MAX = 20;

const single = (text: string) => text.normalize("NFC").replace(/\s+/gu, " ").trim();

/** `Sales / Reports/` is `Sales/Reports`. */
const pathOf = (text: string) =>
  text
    .split("/")
    .map(single)
    .filter((part) => part !== "")
    .join("/");

/** Written in two ways, small and large, a tag is one: the first stays. */
const unlike = (tags: string[]) => {
  const seen = new Map<string, string>();
  for (const tag of tags) if (!seen.has(tag.toLowerCase())) seen.set(tag.toLowerCase(), tag);
  return [...seen.values()];
};

const plain = /^[^\p{Cc}]*$/u;

export const folderPath = z
  .string()
  .max(FOLDER_MAX)
  .regex(plain, "must have no control characters")
  .overwrite(pathOf)
  .max(FOLDER_MAX)
  .describe("Names with / between them, such as Sales/Reports; empty = in no folder.");

export const workflowTag = z
  .string()
  .max(TAG_MAX)
  .regex(/^[^\p{Cc},]*$/u, "must have no control characters and no commas")
  .overwrite(single)
  .min(1)
  .max(TAG_MAX)
  .describe("A word or a few, without commas.");

export const workflowOwner = z
  .object({ id: z.uuid(), name: z.string() })
  .meta({ id: "WorkflowOwner", description: "The member who answers for a workflow." });

/** Of a workflow as it is shown. */
export const filed = {
  folder: z.string().describe("Such as Sales/Reports; empty = in no folder."),
  tags: z.array(z.string()),
  owner: workflowOwner.nullable().describe("Null when nobody answers for it."),
};

export const filingBody = z
  .strictObject({
    folder: folderPath.optional(),
    tags: z.array(workflowTag).max(TAGS_MAX).overwrite(unlike).optional(),
    owner: z.uuid().nullable().optional().describe("Id of a member; null = nobody."),
  })
  .describe("What is left out stays.");

export const filing = z.object({ id: z.uuid(), ...filed }).meta({ id: "Filing" });

/** Filters of lists. */
export const filingQuery = {
  folder: folderPath.optional().describe("A folder with its subfolders."),
  tag: workflowTag.optional().describe("The exact tag."),
  owner: z
    .union([z.uuid(), z.literal("none")])
    .optional()
    .describe("Id of the owner; none = without an owner."),
};

export const filingOverview = z
  .object({
    folders: z
      .array(
        z.object({
          path: z.string(),
          count: z.int().describe("Workflows in it."),
          total: z.int().describe("Those of its subfolders with it."),
        }),
      )
      .describe("By path, with every folder above one in use."),
    tags: z.array(z.object({ tag: z.string(), count: z.int() })).describe("By name."),
    owners: z.array(workflowOwner.extend({ count: z.int() })).describe("By name."),
    isAll: z.boolean().describe("False when there are more folders, tags or owners than are listed."),
  })
  .meta({ id: "FilingOverview" });
export type FilingOverview = z.infer<typeof filingOverview>;
