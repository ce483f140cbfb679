// What an organization may use of a server that it shares with others, as it travels.
import { endpoint } from "./endpoint.ts";
import { z } from "./zod.ts";

const limits = {
  openExecutions: z
    .int()
    .min(1)
    .max(100_000_000)
    .nullable()
    .describe("Open executions at once; null = the default."),
  turnsPerSecond: z
    .number()
    .min(0.01)
    .max(1_000_000)
    .nullable()
    .describe("Turns journaled a second in the long run, ten seconds' worth at once; null = no bound."),
  bytesPerSecond: z
    .int()
    .min(1024)
    .max(10_000_000_000)
    .nullable()
    .describe("Bytes journaled a second, in the same way; null = no bound."),
};

const body = z
  .strictObject({
    openExecutions: limits.openExecutions.default(null),
    turnsPerSecond: limits.turnsPerSecond.default(null),
    bytesPerSecond: limits.bytesPerSecond.default(null),
  })
  .meta({ id: "OrganizationLimitsBody" });
export type OrganizationLimitsBody = z.infer<typeof body>;

const reply = z
  .object({ ...limits, openNow: z.int().describe("Open executions at this moment.") })
  .meta({ id: "OrganizationLimits" });
export type OrganizationLimits = z.infer<typeof reply>;

const tag = "Limits";

export const organizationLimitEndpoints = {
  getOrganizationLimits: endpoint({
    method: "get",
    path: "/api/v1/organization/limits",
    action: "organization.read",
    tag,
    summary: "What the organization may use of this server",
    reply,
  }),
  putOrganizationLimits: endpoint({
    method: "put",
    path: "/api/v1/organizations/:id/limits",
    action: "organization.write",
    tag,
    summary: "Set what an organization may use of this server",
    description:
      "For the operator: whoever may change the first organization of the server. Beyond a limit nothing new begins " +
      "(429 `OPEN_EXECUTIONS_LIMIT` or `ORGANIZATION_RATE_LIMIT`); what runs goes on, by turns with the others.",
    params: z.object({ id: z.uuid() }),
    body: { kind: "json", schema: body },
    reply,
    also: { 403: "The caller does not belong to the first organization." },
  }),
};
