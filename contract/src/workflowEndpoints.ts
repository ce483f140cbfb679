// Endpoints of workflows.
import { flag, pageQuery } from "./common.ts";
import { endpoint } from "./endpoint.ts";
import * as w from "./workflow.ts";
import { z } from "./zod.ts";

const tag = "Workflows";
const params = z.object({ id: z.uuid() });
const definition = { kind: "definition", schema: w.workflowDefinition } as const;

export const workflowEndpoints = {
  createWorkflow: endpoint({
    method: "post",
    path: "/api/v1/workflows",
    action: "workflow.write",
    tag,
    summary: "Create a workflow",
    description:
      "A definition without problems is published as version 1 at once, so that it can be executed; ?publish=0 keeps it " +
      "a draft. A definition with problems is refused. One without nodes is kept as a draft.",
    query: z.object({ publish: flag.optional() }),
    body: definition,
    reply: w.workflow,
    status: 201,
    also: { 409: "A webhook path belongs to another workflow.", 422: "The definition has problems." },
  }),
  listWorkflows: endpoint({
    method: "get",
    path: "/api/v1/workflows",
    action: "workflow.read",
    tag,
    summary: "List workflows",
    query: z.object({
      ...pageQuery,
      search: z.string().max(200).optional().describe("Part of the name."),
      name: z.string().max(255).optional().describe("The exact name."),
    }),
    reply: w.workflowPage,
  }),
  validateWorkflow: endpoint({
    method: "post",
    path: "/api/v1/workflows/validate",
    action: "workflow.read",
    tag,
    summary: "Check a definition without storing it",
    body: definition,
    reply: w.validation,
  }),
  importWorkflow: endpoint({
    method: "post",
    path: "/api/v1/workflows/import",
    action: "workflow.write",
    tag,
    summary: "Import an exported workflow",
    description:
      "JSON or YAML. With ?replace=1 a workflow of the same name gets the definition as its draft (and, without problems, " +
      "as its next version); otherwise a new workflow is made.",
    query: z.object({ replace: flag.optional(), publish: flag.optional() }),
    body: definition,
    reply: w.workflow,
    status: 201,
    also: { 200: "The workflow of that name was replaced.", 422: "The definition has problems." },
  }),
  getWorkflow: endpoint({
    method: "get",
    path: "/api/v1/workflows/:id",
    action: "workflow.read",
    tag,
    summary: "A workflow with its draft",
    params,
    reply: w.workflow,
  }),
  deleteWorkflow: endpoint({
    method: "delete",
    path: "/api/v1/workflows/:id",
    action: "workflow.delete",
    tag,
    summary: "Delete a workflow",
    description:
      "Its webhooks end; its executions and their history stay. Refused while executions are open.",
    params,
    query: z.object({ force: flag.optional().describe("1 = cancel open executions first.") }),
    status: 204,
    also: { 409: "Executions are open." },
  }),
  storeDraft: endpoint({
    method: "put",
    path: "/api/v1/workflows/:id/draft",
    action: "workflow.write",
    tag,
    summary: "Store the draft",
    description: "Any well-formed draft is stored; its problems are returned.",
    params,
    headers: { "If-Match": "etag of the draft that was read; another one gives 409." },
    body: definition,
    reply: w.draftStored,
    also: { 409: "The draft was changed in the meantime." },
  }),
  validateDraft: endpoint({
    method: "post",
    path: "/api/v1/workflows/:id/validate",
    action: "workflow.read",
    tag,
    summary: "Check the stored draft",
    params,
    reply: w.validation,
  }),
  publishWorkflow: endpoint({
    method: "post",
    path: "/api/v1/workflows/:id/publish",
    action: "workflow.publish",
    tag,
    summary: "Publish the draft as the next version",
    description:
      "Webhooks are registered in the same transaction. A draft equal to the published version changes nothing.",
    params,
    body: { kind: "json", schema: w.publishBody, optional: true },
    reply: w.published,
    also: { 409: "A webhook path belongs to another workflow.", 422: "The draft has problems." },
  }),
  unpublishWorkflow: endpoint({
    method: "post",
    path: "/api/v1/workflows/:id/unpublish",
    action: "workflow.publish",
    tag,
    summary: "Take a workflow out of service",
    description: "Its webhooks end; open executions go on.",
    params,
    status: 204,
  }),
  listVersions: endpoint({
    method: "get",
    path: "/api/v1/workflows/:id/versions",
    action: "workflow.read",
    tag,
    summary: "Versions, newest first",
    params,
    query: z.object(pageQuery),
    reply: w.versionPage,
  }),
  getVersion: endpoint({
    method: "get",
    path: "/api/v1/workflows/:id/versions/:version",
    action: "workflow.read",
    tag,
    summary: "One version with its definition",
    params: params.extend({ version: z.coerce.number().int().min(1) }),
    reply: w.workflowVersion,
  }),
  exportWorkflow: endpoint({
    method: "get",
    path: "/api/v1/workflows/:id/export",
    action: "workflow.read",
    tag,
    summary: "The definition as a file",
    params,
    query: z.object({
      format: z.enum(["json", "yaml"]).optional().describe("Default: what Accept asks for, else json."),
      version: z.coerce.number().int().min(1).optional().describe("Default: the draft."),
    }),
    produces: ["application/json", "application/yaml"],
  }),
  workflowSchema: endpoint({
    method: "get",
    path: "/api/v1/schemas/workflow",
    action: "docs.read",
    tag,
    summary: "JSON Schema of a definition",
    reply: z.record(z.string(), z.unknown()),
  }),
};
