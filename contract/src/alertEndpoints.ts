// Endpoints of alerts, and of what keeps automations within bounds: limits of a workflow, and maintenance.
import * as a from "./alert.ts";
import { pageQuery } from "./common.ts";
import { endpoint } from "./endpoint.ts";
import * as m from "./maintenance.ts";
import { z } from "./zod.ts";

const tag = "Alerts";
const params = z.object({ id: z.uuid() });
const invalid = "A field is wrong: `problems` says which, where and what to do.";

export const alertEndpoints = {
  listAlerts: endpoint({
    method: "get",
    path: "/api/v1/alerts",
    action: "stats.read",
    tag,
    summary: "Alerts, newest first",
    query: z.object({ ...pageQuery, status: a.alertStatus.optional() }),
    reply: a.alertPage,
  }),
  listAlertRules: endpoint({
    method: "get",
    path: "/api/v1/alerts/rules",
    action: "stats.read",
    tag,
    summary: "Rules that are looked at",
    reply: a.alertRuleList,
  }),
  createAlertRule: endpoint({
    method: "post",
    path: "/api/v1/alerts/rules",
    action: "workflow.publish",
    tag,
    summary: "Create a rule",
    body: { kind: "json", schema: a.alertRuleBody },
    reply: a.alertRule,
    status: 201,
    also: { 409: "The name is taken.", 422: invalid },
  }),
  updateAlertRule: endpoint({
    method: "put",
    path: "/api/v1/alerts/rules/:id",
    action: "workflow.publish",
    tag,
    summary: "Replace a rule",
    params,
    headers: { "If-Match": "etag of the rule that was read; another one gives 409." },
    body: { kind: "json", schema: a.alertRuleBody },
    reply: a.alertRule,
    also: { 409: "It was changed in the meantime, or the name is taken.", 422: invalid },
  }),
  deleteAlertRule: endpoint({
    method: "delete",
    path: "/api/v1/alerts/rules/:id",
    action: "workflow.publish",
    tag,
    summary: "Delete a rule and its alerts",
    params,
    status: 204,
  }),
  checkAlerts: endpoint({
    method: "post",
    path: "/api/v1/alerts/check",
    action: "stats.read",
    tag,
    summary: "Look at every rule now",
    reply: z.object({ opened: z.int(), resolved: z.int() }),
  }),
  getAlert: endpoint({
    method: "get",
    path: "/api/v1/alerts/:id",
    action: "stats.read",
    tag,
    summary: "An alert",
    params,
    reply: a.alert,
  }),
  acknowledgeAlert: endpoint({
    method: "post",
    path: "/api/v1/alerts/:id/acknowledge",
    action: "execution.answer",
    tag,
    summary: "Somebody looks after it",
    params,
    reply: a.alert,
    also: { 409: "It is resolved." },
  }),
  resolveAlert: endpoint({
    method: "post",
    path: "/api/v1/alerts/:id/resolve",
    action: "execution.answer",
    tag,
    summary: "It is over",
    description: "While the rule still finds it, a new alert is opened by the next look.",
    params,
    reply: a.alert,
  }),
  getWorkflowLimits: endpoint({
    method: "get",
    path: "/api/v1/workflows/:id/limits",
    action: "workflow.read",
    tag: "Limits",
    summary: "Limits of a workflow",
    params,
    reply: m.workflowLimits,
  }),
  putWorkflowLimits: endpoint({
    method: "put",
    path: "/api/v1/workflows/:id/limits",
    action: "workflow.publish",
    tag: "Limits",
    summary: "Set the limits of a workflow, or resume it after a pause",
    description:
      "They hold for every start from outside (API, webhook, schedule, task), not for executions that another one starts.",
    params,
    body: { kind: "json", schema: m.workflowLimitsBody },
    reply: m.workflowLimits,
  }),
  getMaintenance: endpoint({
    method: "get",
    path: "/api/v1/maintenance",
    action: "workflow.read",
    tag: "Limits",
    summary: "Is nothing started at the moment?",
    reply: m.maintenance,
  }),
  putMaintenance: endpoint({
    method: "put",
    path: "/api/v1/maintenance",
    action: "workflow.publish",
    tag: "Limits",
    summary: "Start nothing for a while",
    description: "What runs goes on. Fires of schedules are skipped and say why; tasks wait.",
    body: { kind: "json", schema: m.maintenanceBody },
    reply: m.maintenance,
  }),
};
