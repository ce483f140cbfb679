// Endpoints of triggers that listen outside.
import { pageQuery } from "./common.ts";
import { endpoint } from "./endpoint.ts";
import { triggerPage } from "./trigger.ts";
import { z } from "./zod.ts";

export const triggerEndpoints = {
  listTriggers: endpoint({
    method: "get",
    path: "/api/v1/triggers",
    action: "workflow.read",
    tag: "Triggers",
    summary: "Triggers that listen to something outside, with their health",
    description: "Redis, PostgreSQL, files, feeds and polled addresses of published workflows.",
    query: z.object({
      ...pageQuery,
      workflow: z.uuid().optional(),
      state: z.enum(["starting", "listening", "failing"]).optional(),
    }),
    reply: triggerPage,
  }),
};
