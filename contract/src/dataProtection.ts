// Data protection as it travels: retention, holds, redaction, people, the data map.
import { instant, json, page } from "./common.ts";
import { z } from "./zod.ts";

export const retentionClasses = [
  "executions",
  "payloads",
  "events",
  "taskRuns",
  "scheduleFires",
  "alerts",
  "invitations",
  "sessions",
  "statistics",
  "reveals",
  "audit",
] as const;
export const retentionClass = z.enum(retentionClasses);
export type RetentionClass = z.infer<typeof retentionClass>;

export const retentionPolicy = z
  .object({
    class: retentionClass,
    days: z.int().nullable().describe("After so many days it is swept; null = it is kept for ever."),
    isDefault: z.boolean().describe("The organization has said nothing else."),
    defaultDays: z.int().nullable(),
    minDays: z.int(),
    maxDays: z.int(),
    updatedBy: z.string().nullable(),
    updatedAt: instant.nullable(),
  })
  .meta({ id: "RetentionPolicy", description: "How long one class of data is kept." });
export type RetentionPolicy = z.infer<typeof retentionPolicy>;

export const retentionList = z
  .object({
    items: z.array(retentionPolicy),
    lastSweep: z
      .object({
        at: instant,
        freed: z.record(z.string(), z.int()).describe("Rows, files and bytes that went."),
      })
      .nullable()
      .describe("What the last sweep of this server freed; null = none since it started."),
  })
  .meta({ id: "RetentionList" });
export const retentionBody = z.strictObject({
  days: z.int().min(1).nullable().describe("null = as the server keeps it."),
});

export const legalHold = z
  .object({
    id: z.uuid(),
    kind: z.enum(["execution", "workflow"]),
    targetId: z.uuid(),
    targetName: z.string().nullable(),
    reason: z.string(),
    placedBy: z.string(),
    placedAt: instant,
    releasedBy: z.string().nullable(),
    releasedAt: instant.nullable(),
  })
  .meta({ id: "LegalHold", description: "Nothing of what is held is swept or erased." });
export type LegalHold = z.infer<typeof legalHold>;
export const legalHoldPage = page(legalHold).meta({ id: "LegalHoldPage" });
export const legalHoldBody = z.strictObject({
  kind: z.enum(["execution", "workflow"]),
  targetId: z.uuid(),
  reason: z.string().trim().min(3).max(500),
});

export const redactionPath = z
  .string()
  .trim()
  .min(1)
  .max(300)
  .regex(
    /^(\*\*|\*|[^.*]+)(\.(\*\*|\*|[^.*]+))*$/,
    "names with dots between them; * = any name, ** = any depth",
  )
  .describe(
    "Where in an item: customer.email, *.cardNumber, **.password. Lists on the way are looked through.",
  );

export const redactionRule = z
  .object({
    id: z.uuid(),
    workflowId: z.uuid().nullable().describe("null = of every workflow."),
    workflowName: z.string().nullable(),
    path: redactionPath,
    mode: z.enum(["hide", "mask"]).describe("mask keeps the last four signs of a text."),
    visibleTo: z.array(z.string()).describe("Roles that see the field as it is."),
    note: z.string().nullable(),
    createdBy: z.string(),
    createdAt: instant,
  })
  .meta({ id: "RedactionRule", description: "A field that is hidden in what is shown of executions." });
export type RedactionRule = z.infer<typeof redactionRule>;
export const redactionList = z.object({ items: z.array(redactionRule) }).meta({ id: "RedactionList" });
export const redactionBody = z.strictObject({
  workflowId: z.uuid().nullable().default(null),
  path: redactionPath,
  mode: z.enum(["hide", "mask"]).default("hide"),
  visibleTo: z.array(z.string().max(50)).max(30).default([]),
  note: z.string().trim().max(300).optional(),
});
export const redactionPreviewBody = z.strictObject({
  json: json.describe("An item to try the paths on."),
  rules: z
    .array(z.strictObject({ path: redactionPath, mode: z.enum(["hide", "mask"]).default("hide") }))
    .max(100),
});
export const redactionPreview = z
  .object({ json, hidden: z.int().describe("Values that the rules hide.") })
  .meta({ id: "RedactionPreview" });

export const revealBody = z.strictObject({
  reason: z.string().trim().min(3).max(500).describe("Why; it is kept with your name."),
  run: z.string().max(2000).optional().describe("The node run to look at; absent = input and output."),
});
export const revealed = z
  .object({
    id: z.uuid(),
    input: json,
    output: json,
    outputs: z
      .record(z.string(), z.array(json))
      .optional()
      .describe("Of the run: items by port, at most 500."),
  })
  .meta({ id: "Revealed", description: "What rules hide, as it is. Recorded." });
export const reveal = z
  .object({
    id: z.uuid(),
    executionId: z.uuid(),
    workflowId: z.uuid(),
    run: z.string().nullable(),
    reason: z.string(),
    by: z.string(),
    at: instant,
  })
  .meta({ id: "Reveal" });
export type Reveal = z.infer<typeof reveal>;
export const revealPage = page(reveal).meta({ id: "RevealPage" });

export const identifier = z.strictObject({
  kind: z
    .enum(["email", "phone", "id", "name", "text"])
    .describe("email and name: in any case; phone: however it is punctuated; id and text: as they are."),
  value: z.string().trim().min(4).max(320),
});
export type Identifier = z.infer<typeof identifier>;
export const subjectBody = z.strictObject({
  identifiers: z.array(identifier).min(1).max(20).describe("What the person is known by."),
});

export const subjectPlace = z
  .object({
    class: z.string(),
    table: z.string().describe("Table of the data map, or `files`."),
    count: z.int(),
    isErasable: z.boolean().describe("false: people change it, such as a workflow that names the person."),
    examples: z
      .array(z.object({ id: z.string(), text: z.string().describe("What stands around it.") }))
      .describe("At most five."),
  })
  .meta({ id: "SubjectPlace" });
export const subjectReport = z
  .object({
    places: z.array(subjectPlace),
    found: z.int(),
    account: z.string().nullable().describe("Id of the account."),
  })
  .meta({ id: "SubjectReport", description: "Where a person is found." });
export type SubjectReport = z.infer<typeof subjectReport>;

export const erasureBody = z.strictObject({
  ...subjectBody.shape,
  scope: z
    .enum(["values", "records"])
    .default("records")
    .describe(
      "values: what the person is known by, wherever it stands. records: also the other plain fields of an object in which one of them is a field, and whole rows of data tables.",
    ),
  opaqueFiles: z
    .enum(["keep", "remove"])
    .default("keep")
    .describe(
      "Files that cannot be searched (pictures, archives) of executions in which the person was found.",
    ),
  reason: z.string().trim().max(500).optional(),
});
export const erasureReport = z
  .object({
    erased: z.record(z.string(), z.int()).describe("Table or `files` -> what was changed or removed there."),
    kept: z.array(
      z.object({
        what: z.string(),
        count: z.int(),
        why: z.enum(["open", "held", "setup", "account", "opaque", "audit"]),
        ids: z.array(z.string()).describe("At most twenty."),
      }),
    ),
  })
  .meta({ id: "ErasureReport" });
export type ErasureReport = z.infer<typeof erasureReport>;
export const erasure = z
  .object({
    id: z.uuid(),
    state: z
      .enum(["queued", "running", "waiting", "done"])
      .describe("waiting: something is open or held; it goes on when that ends."),
    reason: z.string().nullable(),
    report: erasureReport,
    requestedBy: z.string(),
    requestedAt: instant,
    attempts: z.int(),
    finishedAt: instant.nullable(),
  })
  .meta({ id: "Erasure", description: "The erasure of one person. It names nobody." });
export type Erasure = z.infer<typeof erasure>;
export const erasurePage = page(erasure).meta({ id: "ErasurePage" });

export const dataMapView = z
  .object({
    tables: z.array(
      z.object({
        table: z.string(),
        class: z.string(),
        purpose: z.string(),
        keeping: z.string().describe("Retention class, or what ends it: deleted, account, handled, server."),
        columns: z.array(
          z.object({
            column: z.string(),
            kind: z.enum(["technical", "content", "setup", "actor", "person", "secret", "sealed"]),
            personal: z.boolean().describe("It may tell something about a person."),
            encryption: z.enum(["none", "payloadKey", "envelope", "hashOrWrapped"]),
          }),
        ),
      }),
    ),
  })
  .meta({ id: "DataMap", description: "Every table and column: what it holds, why, for how long." });
export type DataMap = z.infer<typeof dataMapView>;
