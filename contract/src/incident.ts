// Incidents, findings and the security check as they travel.
import { instant, page } from "./common.ts";
import { sentenceParameters } from "./sentences.ts";
import { z } from "./zod.ts";

export const incidentSeverity = z.enum(["low", "medium", "high", "critical"]);

export const incidentBody = z
  .strictObject({
    title: z.string().trim().min(1).max(255),
    severity: incidentSeverity.default("high"),
    note: z.string().max(10_000).optional().describe("What was seen."),
  })
  .meta({ id: "IncidentBody" });

export const freezeBody = z
  .strictObject({
    scope: z.enum(["organization", "workflow"]),
    workflow: z.string().max(255).optional().describe("Id or name, for the scope workflow."),
    reason: z.string().trim().min(1).max(1_000).optional().describe("What callers are told."),
  })
  .meta({ id: "FreezeBody" });

export const unfreezeBody = z
  .strictObject({ freeze: z.uuid().optional().describe("Absent = all of this incident.") })
  .meta({ id: "UnfreezeBody" });

export const revokeBody = z
  .strictObject({
    keys: z
      .union([z.literal("all"), z.uuid()])
      .optional()
      .describe("API keys of the organization: all, or the one with this id."),
    sessions: z.literal("all").optional().describe("Sessions of every member."),
    person: z.string().max(320).optional().describe("Keys and sessions of this member: id or e-mail."),
    mineToo: z.boolean().default(false).describe("Also the key or session that asks."),
  })
  .refine(
    ({ keys, sessions, person }) => keys !== undefined || sessions !== undefined || person !== undefined,
    {
      message: "Name keys, sessions or a person.",
    },
  )
  .meta({ id: "RevokeBody" });

export const incidentNote = z.strictObject({ text: z.string().trim().min(1).max(10_000) });
export const closeBody = z
  .strictObject({ conclusion: z.string().trim().min(1).max(20_000).describe("Markdown.") })
  .meta({ id: "CloseIncidentBody" });

export const incidentAct = z
  .object({
    id: z.uuid(),
    at: instant,
    actor: z.string(),
    kind: z.enum(["open", "note", "freeze", "unfreeze", "revoke", "evidence", "close"]),
    text: z.string(),
  })
  .meta({ id: "IncidentAct" });

export const freeze = z
  .object({
    id: z.uuid(),
    workflow: z.object({ id: z.uuid(), name: z.string() }).nullable().describe("null = everything."),
    reason: z.string(),
    by: z.string(),
    at: instant,
    liftedBy: z.string().nullable(),
    liftedAt: instant.nullable(),
    paused: z.int().describe("Executions that it holds."),
  })
  .meta({ id: "Freeze", description: "Nothing starts, nothing reaches the world, what runs is paused." });
export type Freeze = z.infer<typeof freeze>;

export const incidentSummary = z
  .object({
    id: z.uuid(),
    title: z.string(),
    severity: incidentSeverity,
    status: z.enum(["open", "closed"]),
    openedBy: z.string(),
    openedAt: instant,
    closedBy: z.string().nullable(),
    closedAt: instant.nullable(),
    frozen: z.int().describe("Freezes that are not lifted."),
  })
  .meta({ id: "IncidentSummary" });
export type IncidentSummary = z.infer<typeof incidentSummary>;
export const incidentPage = page(incidentSummary).meta({ id: "IncidentPage" });

export const incident = z
  .object({ ...incidentSummary.shape, freezes: z.array(freeze), acts: z.array(incidentAct) })
  .meta({ id: "Incident" });
export type Incident = z.infer<typeof incident>;

export const revoked = z
  .object({ keys: z.int(), sessions: z.int(), people: z.int().describe("Whose sessions ended.") })
  .meta({ id: "Revoked" });

/** What exactly was noticed; null in findings of older releases. */
export const findingCodes = [
  "fromOnePlace",
  "ofOneAccount",
  "fromEverywhere",
  "newPlace",
  "twoPlaces",
  "massExport",
] as const;

export const securityFinding = z
  .object({
    id: z.uuid(),
    kind: z.enum(["stuffing", "newPlace", "massExport"]),
    code: z.enum(findingCodes).nullable(),
    parameters: sentenceParameters,
    severity: z.enum(["info", "warning", "critical"]),
    title: z.string(),
    detail: z.string(),
    firstAt: instant,
    lastAt: instant,
    times: z.int(),
    seenBy: z.string().nullable(),
    seenAt: instant.nullable(),
  })
  .meta({
    id: "SecurityFinding",
    description: "Something that the watch over sign-ins, keys and exports noticed.",
  });
export type SecurityFinding = z.infer<typeof securityFinding>;
export const securityFindingPage = page(securityFinding).meta({ id: "SecurityFindingPage" });

export const securityChecks = [
  "riskyNode",
  "privateHosts",
  "unusedConnection",
  "staleKey",
  "endlessKey",
  "ownerWithoutMfa",
  "mfaNotRequired",
  "openWebhook",
  "oldSession",
  "publicWithoutTls",
  "oneOwner",
] as const;

export const securityCheckItem = z
  .object({
    check: z.enum(securityChecks),
    severity: z.enum(["info", "warning", "critical"]),
    title: z.string(),
    detail: z.string(),
    parameters: sentenceParameters.describe("Names, days and numbers that title and detail are made of."),
    remedy: z.string(),
    link: z.string().describe("Where it is changed, as a path of the app."),
    object: z.string().nullable(),
  })
  .meta({ id: "SecurityCheckItem" });
export type SecurityCheckItem = z.infer<typeof securityCheckItem>;

export const securityCheck = z
  .object({
    at: instant,
    items: z.array(securityCheckItem),
    passed: z.array(z.enum(securityChecks)).describe("Looked at and found in order."),
  })
  .meta({ id: "SecurityCheck" });
export type SecurityCheck = z.infer<typeof securityCheck>;
