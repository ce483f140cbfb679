// Routes of workflows.
import { endpoints, jsonSchema, workflowDefinition } from "@auraos/contract";
import type { WorkflowDefinition } from "@auraos/kernel";
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import { notFound } from "../platform/errors.ts";
import { type Call, type Caller, type Route, route } from "../platform/http.ts";
import { pageOf, placeAfter } from "../platform/page.ts";
import { createWorkflow } from "./createWorkflow.ts";
import { exportText, isEmpty, readDefinition } from "./definitionText.ts";
import { deleteWorkflow } from "./deleteWorkflow.ts";
import { fileWorkflow, filingOverview } from "./filing.ts";
import { listWorkflows } from "./filingStore.ts";
import { importWorkflow } from "./importWorkflow.ts";
import { publishWorkflow, unpublishWorkflow } from "./publishWorkflow.ts";
import { findVersion, findWorkflow, listVersions, type VersionRow } from "./store.ts";
import { storeDraft } from "./storeDraft.ts";
import { summaryOf, workflowView } from "./view.ts";

const definitionSchema = jsonSchema(workflowDefinition, "/api/v1/schemas/workflow");

export function workflowRoutes(deps: Deps): Route[] {
  return [
    route(endpoints.createWorkflow, async ({ body, query, caller }) => {
      const id = await createWorkflow(deps, caller, { body, publish: query.publish !== false });
      const json = await workflowView(deps, caller, id);
      return { json, headers: { location: `/api/v1/workflows/${id}`, etag: json.etag } };
    }),
    route(endpoints.listWorkflows, async ({ query, caller }) => {
      const rows = await withTenant(deps.api, caller.orgId, (tx) =>
        listWorkflows(tx, {
          orgId: caller.orgId,
          search: query.search ?? null,
          name: query.name ?? null,
          folder: query.folder ?? "",
          tag: query.tag ?? null,
          owner: query.owner ?? null,
          before: placeAfter(query.after),
          limit: query.limit + 1,
        }),
      );
      return { json: pageOf(rows, query.limit, (row) => row.id, summaryOf) };
    }),
    route(endpoints.listFiling, async ({ caller }) => ({ json: await filingOverview(deps, caller) })),
    route(endpoints.validateWorkflow, ({ body }) => {
      const { value } = readDefinition(body);
      const problems = isEmpty(value) ? [] : deps.programs.problemsOf(value);
      return { json: { valid: problems.length === 0, problems } };
    }),
    route(endpoints.importWorkflow, async ({ body, query, caller }) => {
      const request = { body, replace: query.replace === true, publish: query.publish !== false };
      const { id, isNew } = await importWorkflow(deps, caller, request);
      return { status: isNew ? 201 : 200, json: await workflowView(deps, caller, id) };
    }),
    route(endpoints.getWorkflow, async ({ params, caller }) => {
      const json = await workflowView(deps, caller, params.id);
      return { json, headers: { etag: json.etag } };
    }),
    route(endpoints.deleteWorkflow, async ({ params, query, caller }) => {
      await deleteWorkflow(deps, caller, params.id, query.force === true);
      return { empty: true };
    }),
    route(endpoints.fileWorkflow, async ({ params, body, caller }) => ({
      json: await fileWorkflow(deps, caller, params.id, body),
    })),
    route(endpoints.storeDraft, async ({ params, body, caller, header }) => {
      const json = await storeDraft(deps, caller, { id: params.id, body, ifMatch: header("if-match") });
      return { json, headers: { etag: json.etag } };
    }),
    route(endpoints.validateDraft, async ({ params, caller }) => {
      const { problems } = await workflowView(deps, caller, params.id);
      return { json: { valid: problems.length === 0, problems } };
    }),
    route(endpoints.publishWorkflow, async ({ params, body, caller }) => ({
      json: await publishWorkflow(deps, caller, params.id, body?.note),
    })),
    route(endpoints.unpublishWorkflow, async ({ params, caller }) => {
      await unpublishWorkflow(deps, caller, params.id);
      return { empty: true };
    }),
    route(endpoints.listVersions, async ({ params, query, caller }) => {
      const before = placeAfter(query.after);
      const rows = await withTenant(deps.api, caller.orgId, async (tx) => {
        if (!(await findWorkflow(tx, caller.orgId, params.id))) throw notFound("workflow with this id");
        return listVersions(tx, {
          orgId: caller.orgId,
          workflowId: params.id,
          before: before === null ? null : Number(before),
          limit: query.limit + 1,
        });
      });
      return { json: pageOf(rows, query.limit, (row) => String(row.version), versionView) };
    }),
    route(endpoints.getVersion, async ({ params, caller }) => {
      const row = await versionOf(deps, caller, params.id, params.version);
      return { json: { ...versionView(row), definition: JSON.parse(row.definition) as unknown } };
    }),
    route(endpoints.exportWorkflow, (call) => exportAnswer(deps, call)),
    route(endpoints.workflowSchema, () => ({ json: definitionSchema })),
  ];
}

async function exportAnswer(deps: Deps, call: Call<typeof endpoints.exportWorkflow>) {
  const { params, query, caller } = call;
  const row = await withTenant(deps.api, caller.orgId, (tx) => findWorkflow(tx, caller.orgId, params.id));
  if (!row) throw notFound("workflow with this id");
  const text =
    query.version === undefined
      ? row.draft
      : (await versionOf(deps, caller, params.id, query.version)).definition;
  const asked = call.header("accept") ?? "";
  const format = query.format ?? (/yaml/.test(asked) ? "yaml" : "json");
  const file = row.name.replace(/[^A-Za-z0-9_-]+/g, "-").slice(0, 80) || "workflow";
  return {
    text: exportText(JSON.parse(text) as WorkflowDefinition, format),
    type: `application/${format}; charset=utf-8`,
    headers: { "content-disposition": `attachment; filename="${file}.${format}"` },
  };
}

async function versionOf(deps: Deps, caller: Caller, id: string, version: number): Promise<VersionRow> {
  const row = await withTenant(deps.api, caller.orgId, async (tx) => {
    const isThere = await findWorkflow(tx, caller.orgId, id);
    return isThere && (await findVersion(tx, caller.orgId, id, version));
  });
  if (!row) throw notFound("version with this number", "See /versions for those there are.");
  return row;
}

function versionView(row: Omit<VersionRow, "definition">) {
  return {
    id: row.id,
    version: row.version,
    published: row.isPublished,
    hash: row.hash.toString("hex"),
    note: row.note,
    publishedBy: row.publishedBy,
    createdAt: row.createdAt.toISOString(),
  };
}
