// The HTTP surface: every route of every capability, in one place. `buildApp(deps)` is the tests' front door too.
// Order matters for speed only: webhooks and execute come first.
import express, { type Express, type NextFunction, type Request, type Response } from "express";
import { createRequestLimits } from "./access/requestLimits.ts";
import { accessRoutes } from "./access/routes.ts";
import { alertRoutes } from "./alerts/routes.ts";
import { auditRoutes } from "./audit/routes.ts";
import { watchRequests } from "./audit/watchRequests.ts";
import { backupRoutes } from "./backup/routes.ts";
import { connectionRoutes } from "./connections/routes.ts";
import { dataProtectionRoutes } from "./dataProtection/routes.ts";
import { dataTableRoutes } from "./dataTables/routes.ts";
import type { Deps } from "./deps.ts";
import { eventRoutes } from "./events/routes.ts";
import { executeRoute, executionRoutes } from "./executions/routes.ts";
import { mountForms } from "./forms/receiveForm.ts";
import { healthRoutes } from "./health/routes.ts";
import { hostLimitRoutes } from "./hostLimits/routes.ts";
import { identityRoutes } from "./identity/routes.ts";
import { incidentRoutes } from "./incidents/routes.ts";
import { changesOfRequests } from "./live/changesOfRequest.ts";
import { liveRoutes } from "./live/events.ts";
import { maintenanceRoutes } from "./maintenance/routes.ts";
import { metricsRoutes } from "./metrics/routes.ts";
import { nodeTypeRoutes } from "./nodeTypes/routes.ts";
import { documentRoutes } from "./openapi/routes.ts";
import { orgLimitRoutes } from "./orgLimits/routes.ts";
import { notFound, refuse } from "./platform/errors.ts";
import { type Caller, mount, type Route, sendRefusal } from "./platform/http.ts";
import { isSecure } from "./platform/ownUrl.ts";
import { poolRoutes } from "./pools/routes.ts";
import { scheduleRoutes } from "./schedules/routes.ts";
import { statsRoutes } from "./stats/routes.ts";
import { taskRoutes } from "./tasks/routes.ts";
import { triggerRoutes } from "./triggers/routes.ts";
import { uploadRoutes } from "./uploads/routes.ts";
import { variableRoutes } from "./variables/routes.ts";
import { webApp } from "./webApp/webApp.ts";
import { mountHooks } from "./webhooks/mountHooks.ts";
import { webhookRoutes } from "./webhooks/routes.ts";
import { workerRoutes } from "./workers/routes.ts";
import { workflowRoutes } from "./workflows/routes.ts";

export function routesOf(deps: Deps): Route[] {
  return [
    executeRoute(deps),
    ...healthRoutes(deps),
    ...executionRoutes(deps),
    ...workflowRoutes(deps),
    ...scheduleRoutes(deps),
    ...taskRoutes(deps),
    ...poolRoutes(deps),
    ...alertRoutes(deps),
    ...maintenanceRoutes(deps),
    ...eventRoutes(deps),
    ...webhookRoutes(deps),
    ...triggerRoutes(deps),
    ...connectionRoutes(deps),
    ...dataTableRoutes(deps),
    ...variableRoutes(deps),
    ...backupRoutes(deps),
    ...workerRoutes(deps),
    ...hostLimitRoutes(deps),
    ...orgLimitRoutes(deps),
    ...nodeTypeRoutes(deps),
    ...uploadRoutes(deps),
    ...identityRoutes(deps),
    ...accessRoutes(deps),
    ...auditRoutes(deps),
    ...incidentRoutes(deps),
    ...dataProtectionRoutes(deps),
    ...statsRoutes(deps),
    ...metricsRoutes(deps),
    ...liveRoutes(deps),
    ...documentRoutes(deps),
  ];
}

/** Anybody may send to the doors of sign-in, so that little is read there. */
const PEOPLE_BYTES_MAX = 64 * 1024;
const isAboutPeople = (path: string) =>
  /^\/api\/v1\/(auth|account|members|invitations|organizations?|roles|api-keys)\b/.test(path);

export function buildApp(deps: Deps, options: { checkReplies?: boolean } = {}): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("query parser", "simple");
  const { settings, log } = deps;
  const limits = createRequestLimits({ settings, clientOf: deps.identity.clientOf, nowMs: deps.nowMs, log });
  if (isSecure(settings)) app.use(onlyOverTls);
  app.use(limits.door);
  mountHooks(app, deps);
  mountForms(app, deps);
  const counted = (caller: Caller) => {
    limits.count(caller);
    return caller;
  };
  app.use(webApp());
  const routes = routesOf(deps);
  const watching = watchRequests(deps, routes);
  const tellChanged = changesOfRequests(deps.changes, routes);
  mount(app, routes, {
    authorise: (request, action) => {
      const caller = deps.identity.callerOf(request, action);
      return caller instanceof Promise ? caller.then(counted) : counted(caller);
    },
    log,
    count: deps.metrics.request,
    ...watching,
    onDone(one, call, seen, answer) {
      tellChanged(one.endpoint, call.caller.orgId);
      return watching.onDone(one, call, seen, answer);
    },
    bodyBytesMax: ({ body, path }) =>
      isAboutPeople(path)
        ? PEOPLE_BYTES_MAX
        : body?.kind === "input"
          ? settings.inputBytesMax
          : settings.definitionBytesMax,
    ...(options.checkReplies === undefined ? {} : { checkReplies: options.checkReplies }),
  });
  app.use((request: Request, response: Response) => {
    const allowed = methodsOf(app, request.path);
    const error =
      allowed.length > 0
        ? refuse(405, "METHOD_NOT_ALLOWED", `This address takes ${allowed.join(", ")}.`, "Use one of them.", {
            headers: { allow: allowed.join(", ") },
          })
        : notFound("such address", "See /api/docs for those there are.");
    sendRefusal(response, error, log, `${request.method} ${request.path}`);
  });
  // What Express itself throws, such as a path that is not well encoded. Four parameters make it the error handler.
  app.use((error: unknown, request: Request, response: Response, _next: unknown) => {
    sendRefusal(response, error, log, `${request.method} ${request.path}`);
  });
  return app;
}

/** Two years, as browsers want it; a server that is reached over TLS is never again asked without. */
function onlyOverTls(_request: Request, response: Response, next: NextFunction): void {
  response.setHeader("strict-transport-security", "max-age=63072000; includeSubDomains");
  next();
}

type Layer = { match(path: string): boolean; route?: { methods: Record<string, boolean> } };

function methodsOf(app: Express, path: string): string[] {
  const { stack } = app.router as unknown as { stack: Layer[] };
  const found = new Set<string>();
  for (const layer of stack) {
    try {
      if (!layer.route || !layer.match(path)) continue;
    } catch {
      // Not well encoded: no address of ours.
      return [];
    }
    for (const method of Object.keys(layer.route.methods))
      if (method !== "_all") found.add(method.toUpperCase());
  }
  return [...found];
}
