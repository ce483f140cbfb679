// A service that is flaky on purpose: to learn on, to test against, and for examples that work without the internet.
//
// Everything it does is decided by the seed and the order of calls (state.ts), so a run can be repeated exactly.
// It changes nothing but its own memory, calls nobody, and listens where it is told to: loopback unless said otherwise.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { accessRoutes } from "./access.ts";
import { effectRoutes } from "./effects.ts";
import { fileRoutes } from "./files.ts";
import { indexPage } from "./indexPage.ts";
import { listRoutes } from "./lists.ts";
import { type Call, PracticeRefusal, type Route, sendError, sendJson } from "./route.ts";
import { createState, type PracticeRequest, recordCall, resetState } from "./state.ts";
import { troubleRoutes } from "./trouble.ts";

export type PracticeApi = {
  url: string;
  port: number;
  /** The calls answered so far, oldest first; the newest 5,000 are always there. */
  calls: readonly PracticeRequest[];
  close(): Promise<void>;
};

type Matcher = { route: Route; parts: string[] };

/** `port` 0 takes any free one. */
export async function startPracticeApi(
  options: { port?: number; host?: string; seed?: string } = {},
): Promise<PracticeApi> {
  const host = options.host ?? "127.0.0.1";
  const state = createState(options.seed ?? "practice");
  const routes = practiceRoutes(state.seed);
  const find = createFinder(routes);

  const server = createServer((request, response) => {
    void answer(request, response);
  });
  server.on("clientError", (_error, socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const address = server.address();
  const port = address && typeof address === "object" ? address.port : 0;
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
  return { url, port, calls: state.calls, close };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked =
      URL.parse(request.url ?? "/", `http://${request.headers.host ?? "localhost"}`) ??
      new URL("http://localhost/");
    const call: Call = { request, response, url: asked, params: {}, state };
    response.once("close", () => {
      const status = response.headersSent ? response.statusCode : 0;
      recordCall(state, {
        method: request.method ?? "",
        path: asked.pathname,
        query: Object.fromEntries(asked.searchParams),
        status,
      });
    });
    try {
      const found = find(request.method ?? "GET", asked.pathname);
      if (!found)
        return sendError(call, 404, "NOT_FOUND", "There is nothing here; GET / lists what there is.");
      call.params = found.params;
      await found.route.handle(call);
    } catch (error) {
      if (response.headersSent || response.destroyed) return void response.destroy();
      if (error instanceof PracticeRefusal) return sendError(call, error.status, error.code, error.message);
      sendError(call, 500, "BUG", "The practice service itself failed.");
    }
  }

  async function close(): Promise<void> {
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }
}

export function practiceRoutes(seed: string): Route[] {
  const routes: Route[] = [
    ...accessRoutes,
    ...listRoutes(seed),
    ...effectRoutes,
    ...troubleRoutes,
    ...fileRoutes,
    {
      method: "POST",
      path: "/forget",
      about: "Forgets all counters, effects and calls: as freshly started.",
      handle(call) {
        resetState(call.state);
        call.response.writeHead(204).end();
      },
    },
    {
      method: "GET",
      path: "/calls",
      about: "The calls answered so far; with ?path only those.",
      handle(call) {
        const path = call.url.searchParams.get("path");
        const data = call.state.calls.filter((one) => !path || one.path === path);
        sendJson(call, 200, { count: data.length, data });
      },
    },
  ];
  routes.push({
    method: "GET",
    path: "/",
    about: "This list, as a page or as JSON.",
    handle: (call) => indexPage(call, routes),
  });
  return routes;
}

function createFinder(
  routes: Route[],
): (method: string, path: string) => { route: Route; params: Record<string, string> } | undefined {
  const matchers: Matcher[] = routes.map((route) => ({ route, parts: route.path.split("/") }));
  return (method, path) => {
    const parts = path.split("/");
    for (const { route, parts: wanted } of matchers) {
      const isMethod =
        route.method === "ANY" || route.method === method || (route.method === "GET" && method === "HEAD");
      if (!isMethod || wanted.length !== parts.length) continue;
      if (!wanted.every((part, index) => part.startsWith(":") || part === parts[index])) continue;
      const params = wanted.flatMap((part, index) =>
        part.startsWith(":") ? [[part.slice(1), decoded(parts[index] ?? "")]] : [],
      );
      return { route, params: Object.fromEntries(params) };
    }
    return undefined;
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
