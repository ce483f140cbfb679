// The router is walked: nothing answers that the contract does not name, and nothing without an action.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { type Endpoint, endpoints, isKnownAction, isOpen } from "@auraos/contract";
import { buildApp } from "./app.ts";
import { runningServer } from "./testing/runningServer.ts";

const server = await runningServer({ after });

type Handler = { endpoint?: Endpoint };
type Layer = { route?: { path: string; stack: { handle: Handler; method?: string }[] }; name: string };

function registered(): { path: string; endpoint: Endpoint | undefined }[] {
  const app = buildApp(server.running.deps);
  const { stack } = app.router as unknown as { stack: Layer[] };
  return stack.flatMap(({ route }) =>
    (route?.stack ?? []).map(({ handle }) => ({ path: route?.path ?? "", endpoint: handle.endpoint })),
  );
}

test("every route has an endpoint with a known action", () => {
  for (const { path, endpoint } of registered()) {
    assert.ok(endpoint, `${path} has no endpoint`);
    assert.ok(isKnownAction(endpoint.action), `${path}: ${endpoint.action}`);
  }
});

test("the contract and the router name the same addresses", () => {
  const names = (list: Endpoint[]) => list.map(({ method, path }) => `${method} ${path}`).sort();
  const routes = registered().flatMap(({ endpoint }) =>
    endpoint && !/^\/(hooks|forms)\//.test(endpoint.path) ? [endpoint] : [],
  );
  assert.deepEqual(names(routes), names(Object.values(endpoints)));
});

test("whatever is not open needs a key", async () => {
  for (const endpoint of Object.values(endpoints) as Endpoint[]) {
    const path = endpoint.path.replace(/:\w+/g, "01900000-0000-7000-8000-000000000000");
    const { status } = await server.call(endpoint.method.toUpperCase(), path, undefined, {
      authorization: "",
    });
    if (endpoint.action === "account.begin") assert.notEqual(status, 401, path);
    else if (isOpen(endpoint.action)) assert.equal(status, 200, path);
    else assert.equal(status, 401, `${endpoint.method} ${path}`);
  }
});

test("a key without the right is refused", async () => {
  const { deps } = server.running;
  const caller = await deps.keys.callerOfKey(server.settings.apiKey ?? "");
  const limited = {
    ...deps,
    identity: {
      ...deps.identity,
      callerOf: () => ({ ...caller, actions: new Set(["workflow.read" as const]) }),
    },
  };
  const app = buildApp(limited).listen(0, "127.0.0.1");
  await new Promise((resolve) => app.once("listening", resolve));
  const { port } = app.address() as { port: number };
  const status = async (method: string, path: string) =>
    (await fetch(`http://127.0.0.1:${port}${path}`, { method })).status;
  assert.equal(await status("GET", "/api/v1/workflows"), 200);
  assert.equal(await status("POST", "/api/v1/workflows"), 403);
  assert.equal(await status("GET", "/metrics"), 403);
  app.closeAllConnections();
  app.close();
});

test("documents are served whole and without script", async () => {
  const document = await server.call("GET", "/api/openapi.json");
  assert.equal(document.json.openapi, "3.1.0");
  const page = await server.call("GET", "/api/docs");
  assert.match(page.headers.get("content-security-policy") ?? "", /default-src 'none'; style-src 'sha256-/);
  assert.ok(
    !/<script|https?:\/\/|javascript:|\son\w+=/i.test(page.text.replace(/<pre>[\s\S]*?<\/pre>/g, "")),
  );
  const types = (await server.call("GET", "/api/v1/node-types")).json.items;
  for (const field of ["type", "name", "category", "description", "effect", "per", "schema"])
    assert.ok(types[0][field] !== undefined, field);
  assert.ok((await server.call("GET", "/api/v1/schemas/workflow")).json.properties.nodes);
});
