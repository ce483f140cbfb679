// /hooks/* : requests of strangers, by the rules of the workflow they start or the token they carry.
import { randomUUID } from "node:crypto";
import type { Express, Request, Response } from "express";
import type { Deps } from "../deps.ts";
import { sendRefusal } from "../platform/http.ts";
import { receiveHook } from "./receiveHook.ts";
import { resumeHook } from "./resumeHook.ts";

export const hookEndpoint = { method: "all", path: "/hooks/*path", action: "hook.receive" } as const;

export function mountHooks(app: Express, deps: Deps): void {
  const answer = async (request: Request, response: Response): Promise<void> => {
    const startedAt = performance.now();
    const isResume = request.url.startsWith("/hooks/resume/");
    const requestId = randomUUID();
    try {
      if (isResume) await resumeHook(deps, request, response);
      else await receiveHook(deps, request, response, requestId);
    } catch (error) {
      sendRefusal(response, error, deps.log, `${request.method} /hooks`, requestId);
    }
    const label = isResume ? "/hooks/resume" : "/hooks";
    deps.metrics.request(label, response.statusCode, performance.now() - startedAt);
  };
  app.all(hookEndpoint.path, Object.assign(answer, { endpoint: hookEndpoint }));
}
