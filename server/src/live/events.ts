// The live stream as server-sent events, for curl, scripts and the command line.
import { endpoints, type Subscription } from "@auraos/contract";
import type { Response } from "express";
import type { Deps } from "../deps.ts";
import { demand, type Route, route } from "../platform/http.ts";
import type { LiveMessage } from "./hub.ts";

const HEARTBEAT_MS = 15_000;
/** About one message. */
const MESSAGE_BYTES = 300;

export function liveRoutes(deps: Deps): Route[] {
  return [
    route(endpoints.streamLive, async ({ query, caller, header, response }) => {
      const cursor = header("last-event-id") ?? query.cursor;
      const to: Subscription = {
        ...(query.execution !== undefined
          ? { to: "execution", id: query.execution }
          : query.workflow !== undefined
            ? { to: "workflow", id: query.workflow }
            : { to: "all" }),
        ...(cursor === undefined || cursor === "" ? {} : { cursor }),
      };
      response.writeHead(200, {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "x-accel-buffering": "no",
      });
      response.flushHeaders();
      const unwatch = deps.identity.watchers.watch(
        async () => demand(await deps.identity.callerOf(response.req, "live.read"), "live.read"),
        () => response.end(),
      );
      await stream(deps, caller.orgId, to, response).finally(unwatch);
      return { handled: true };
    }),
  ];
}

async function stream(deps: Deps, orgId: string, to: Subscription, response: Response): Promise<void> {
  const heartbeat = setInterval(() => response.write(": alive\n\n"), HEARTBEAT_MS);
  const closed = new Promise<void>((resolve) => response.on("close", resolve));
  const finish = () => response.end();
  deps.draining.addEventListener("abort", finish);
  let end = () => {};
  try {
    end = await deps.live.subscribe(orgId, to, {
      send: (message) => void response.write(textOf(message)),
      backlog: () => response.writableLength / MESSAGE_BYTES,
      lagged: finish,
    });
    if (deps.draining.aborted) finish();
    await closed;
  } finally {
    end();
    clearInterval(heartbeat);
    deps.draining.removeEventListener("abort", finish);
    response.end();
  }
}

function textOf(message: LiveMessage): string {
  const data = message.type === "state" ? message.state : message.turn;
  return `event: ${message.type}\nid: ${data.cursor}\ndata: ${JSON.stringify(data)}\n\n`;
}
