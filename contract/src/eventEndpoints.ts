// Endpoints of the event bus.
import { pageQuery } from "./common.ts";
import { endpoint } from "./endpoint.ts";
import * as s from "./event.ts";
import { z } from "./zod.ts";

const tag = "Events";
const params = z.object({ id: z.uuid() });

export const eventEndpoints = {
  publishEvents: endpoint({
    method: "post",
    path: "/api/v1/events",
    action: "workflow.execute",
    tag,
    summary: "Publish events",
    description:
      "One CloudEvent or a batch; also as application/cloudevents+json and application/cloudevents-batch+json. " +
      "Durable when it answers: every subscription gets it exactly once, also after a crash.",
    body: { kind: "json", schema: s.publishBody },
    reply: s.published,
    status: 202,
    also: { 422: "An event is wrong: `problems` says which, where and what to do. Nothing was published." },
  }),
  listEvents: endpoint({
    method: "get",
    path: "/api/v1/events",
    action: "execution.read",
    tag,
    summary: "Events of the last seven days, newest first",
    query: z.object({
      ...pageQuery,
      type: z.string().max(255).optional(),
      source: z.string().max(500).optional(),
    }),
    reply: s.eventPage,
  }),
  listEventSubscriptions: endpoint({
    method: "get",
    path: "/api/v1/events/subscriptions",
    action: "workflow.read",
    tag,
    summary: "Who gets events",
    description: "Subscriptions are the event triggers of published workflows.",
    query: z.object({ ...pageQuery, workflow: z.uuid().optional() }),
    reply: s.subscriptionPage,
  }),
  listHeldEvents: endpoint({
    method: "get",
    path: "/api/v1/events/subscriptions/:id/held",
    action: "execution.read",
    tag,
    summary: "What a subscription holds, and why",
    description: "In the order of the stream, each with the reason as of this moment.",
    params,
    query: z.object(pageQuery),
    reply: s.heldPage,
  }),
  pauseEventSubscription: endpoint({
    method: "post",
    path: "/api/v1/events/subscriptions/:id/pause",
    action: "workflow.publish",
    tag,
    summary: "Pause a subscription",
    description: "What comes meanwhile is kept and given when it goes on.",
    params,
    reply: s.subscription,
  }),
  resumeEventSubscription: endpoint({
    method: "post",
    path: "/api/v1/events/subscriptions/:id/resume",
    action: "workflow.publish",
    tag,
    summary: "Resume a subscription",
    params,
    reply: s.subscription,
  }),
  replayEvents: endpoint({
    method: "post",
    path: "/api/v1/events/subscriptions/:id/replay",
    action: "workflow.execute",
    tag,
    summary: "Give events of the past once more",
    description:
      "By the settings the trigger has now. Each event starts an execution of its own, once per replay.",
    params,
    body: { kind: "json", schema: s.replayBody },
    reply: s.replayed,
    status: 202,
    also: { 409: "There is no event in this range." },
  }),
  listDeadEvents: endpoint({
    method: "get",
    path: "/api/v1/events/dead",
    action: "execution.read",
    tag,
    summary: "Events that could not be delivered, newest first",
    query: z.object({ ...pageQuery, subscription: z.uuid().optional() }),
    reply: s.deadLetterPage,
  }),
  redeliverEvent: endpoint({
    method: "post",
    path: "/api/v1/events/dead/:id/redeliver",
    action: "workflow.execute",
    tag,
    summary: "Try a dead letter again",
    params,
    status: 202,
  }),
  deleteDeadEvent: endpoint({
    method: "delete",
    path: "/api/v1/events/dead/:id",
    action: "workflow.publish",
    tag,
    summary: "Delete a dead letter",
    params,
    status: 204,
  }),
};
