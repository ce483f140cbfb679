// Endpoints of data protection.
import { pageQuery } from "./common.ts";
import * as d from "./dataProtection.ts";
import { endpoint } from "./endpoint.ts";
import { z } from "./zod.ts";

const tag = "Data protection";
const base = "/api/v1/data-protection";
const id = z.object({ id: z.uuid() });
const look = { method: "get", action: "protection.read", tag } as const;
const change = { method: "post", action: "protection.write", tag } as const;
/** Of one person: finding is as good as knowing, so it needs the right to erase. */
const person = { method: "post", action: "protection.erase", tag } as const;

export const dataProtectionEndpoints = {
  getDataMap: endpoint({
    ...look,
    path: `${base}/map`,
    summary: "Every table and column: what it holds and for how long",
    reply: d.dataMapView,
  }),
  listRetention: endpoint({
    ...look,
    path: `${base}/retention`,
    summary: "How long each class of data is kept",
    reply: d.retentionList,
  }),
  putRetention: endpoint({
    method: "put",
    path: `${base}/retention/:class`,
    action: "protection.write",
    tag,
    summary: "Keep a class of data for so many days",
    description: "What is older goes with the next sweep, within six hours.",
    params: z.object({ class: d.retentionClass }),
    body: { kind: "json", schema: d.retentionBody },
    reply: d.retentionPolicy,
    also: { 422: "The days are out of bounds, or payloads would outlive their executions." },
  }),
  listHolds: endpoint({
    ...look,
    path: `${base}/holds`,
    summary: "Legal holds, the newest first",
    query: z.object({
      ...pageQuery,
      released: z.stringbool().optional().describe("true = also those that ended."),
    }),
    reply: d.legalHoldPage,
  }),
  placeHold: endpoint({
    ...change,
    path: `${base}/holds`,
    summary: "Hold an execution, or all executions of a workflow",
    body: { kind: "json", schema: d.legalHoldBody },
    reply: d.legalHold,
    status: 201,
    also: { 409: "It is held already." },
  }),
  releaseHold: endpoint({
    ...change,
    path: `${base}/holds/:id/release`,
    summary: "End a legal hold",
    params: id,
    reply: d.legalHold,
  }),
  listRedactions: endpoint({
    ...look,
    path: `${base}/redactions`,
    summary: "Fields that are hidden in what is shown of executions",
    reply: d.redactionList,
  }),
  createRedaction: endpoint({
    ...change,
    path: `${base}/redactions`,
    summary: "Hide a field",
    description:
      "Holds at once for everything that is shown; what is recorded stays as it is. Files of executions with a rule are not given out either.",
    body: { kind: "json", schema: d.redactionBody },
    reply: d.redactionRule,
    status: 201,
    also: { 409: "There is a rule for this field." },
  }),
  deleteRedaction: endpoint({
    method: "delete",
    path: `${base}/redactions/:id`,
    action: "protection.write",
    tag,
    summary: "Show a field again",
    params: id,
    status: 204,
  }),
  previewRedaction: endpoint({
    method: "post",
    path: `${base}/redactions/preview`,
    action: "protection.read",
    tag,
    summary: "What rules would make of an item",
    body: { kind: "json", schema: d.redactionPreviewBody },
    reply: d.redactionPreview,
  }),
  revealExecution: endpoint({
    method: "post",
    path: "/api/v1/executions/:id/reveal",
    action: "execution.reveal",
    tag,
    summary: "Show what rules hide; who did, and why, is recorded",
    params: id,
    body: { kind: "json", schema: d.revealBody },
    reply: d.revealed,
  }),
  listReveals: endpoint({
    ...look,
    path: `${base}/reveals`,
    summary: "Who looked behind a rule, the newest first",
    query: z.object(pageQuery),
    reply: d.revealPage,
  }),
  findSubject: endpoint({
    ...person,
    path: `${base}/people/search`,
    summary: "Where a person is found",
    body: { kind: "json", schema: d.subjectBody },
    reply: d.subjectReport,
  }),
  exportSubject: endpoint({
    ...person,
    path: `${base}/people/export`,
    summary: "Everything about a person as a ZIP of JSON files",
    body: { kind: "json", schema: d.subjectBody },
    produces: ["application/zip"],
  }),
  eraseSubject: endpoint({
    ...person,
    path: `${base}/erasures`,
    summary: "Erase a person",
    description:
      "A durable job: it survives a crash, waits for what is open or held, and is done again after a backup was restored.",
    body: { kind: "json", schema: d.erasureBody },
    reply: d.erasure,
    status: 202,
  }),
  listErasures: endpoint({
    ...look,
    path: `${base}/erasures`,
    summary: "Erasures, the newest first",
    query: z.object(pageQuery),
    reply: d.erasurePage,
  }),
  getErasure: endpoint({
    ...look,
    path: `${base}/erasures/:id`,
    summary: "One erasure: what was erased, what was kept and why",
    params: id,
    reply: d.erasure,
  }),
};
