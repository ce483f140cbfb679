// Every role x every route x session and key, roles of the organization's own included: what the table gives is answered,
// everything else is refused. And the matrix itself is tested: a server that forgot to ask fails it on every protected
// route, and a route that was put beside the table is found.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  type Action,
  actions,
  actionsOfRole,
  type Endpoint,
  isKnownAction,
  isOpen,
  isPersonal,
  roles,
} from "@auraos/contract";
import type { Express } from "express";
import { buildApp } from "../app.ts";
import type { Browser } from "../testing/browserOf.ts";
import { everyEndpoint, type Tried, tryEndpoint } from "../testing/everyRoute.ts";
import { invited, setUpOwner } from "../testing/people.ts";
import { runningServer } from "../testing/runningServer.ts";

const server = await runningServer({ after }, { AURAOS_SIGN_INS_PER_MINUTE: "1000" });
const owner = await setUpOwner(server);

/** These would end what the test stands on. They have tests of their own. */
const ending = new Set([
  "delete /api/v1/account",
  "post /api/v1/account/leave",
  "delete /api/v1/account/sessions",
]);

/** Roles of the organization's own: one that looks, one that does a little of everything, one that may do a single thing. */
const ownRoles: Record<string, readonly Action[]> = {
  reporter: actions.filter((one) => one.endsWith(".read")),
  dispatcher: ["workflow.execute", "execution.answer", "connection.use", "member.write", "live.read"],
  counter: ["stats.read"],
};

type Way = {
  role: string;
  actions: ReadonlySet<Action>;
  via: "session" | "key";
  headers: Record<string, string>;
};

async function ways(): Promise<Way[]> {
  const all: Way[] = [];
  for (const [name, own] of Object.entries(ownRoles)) {
    const made = await owner.call("PUT", `/api/v1/roles/${name}`, { actions: own });
    assert.equal(made.status, 200, made.text);
  }
  for (const role of [...roles, ...Object.keys(ownRoles)]) {
    const may = actionsOfRole(role) ?? new Set(ownRoles[role]);
    const browser = role === "owner" ? owner : await invited(server, owner, `${role}@example.com`, role);
    all.push({ role, actions: may, via: "session", headers: { cookie: cookieOf(browser) } });
    const { json } = await owner.call("POST", "/api/v1/api-keys", { name: `matrix ${role}`, role });
    all.push({ role, actions: may, via: "key", headers: { authorization: `Bearer ${json.key}` } });
  }
  return all;
}

function cookieOf(browser: Browser): string {
  return [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
}

/** What is wrong with an answer; undefined = it is as the table says. */
function breach(way: Way, { endpoint, label, status, code }: Tried): string | undefined {
  const { action } = endpoint;
  if (isOpen(action)) return undefined;
  const isAllowed = isPersonal(action)
    ? action === "account.read" || way.via === "session"
    : way.actions.has(action);
  const isRefused = status === 403 && (code === "NOT_ALLOWED" || code === "PERSON_NEEDED");
  const who = `${way.role} by ${way.via}: ${label} -> ${status} ${code ?? ""}`;
  if (!isAllowed && !isRefused) return `${who}, and ${action} is not in the table`;
  if (isAllowed && (isRefused || status === 401)) return `${who}, and ${action} is in the table`;
  if (status === 500) return who;
  return undefined;
}

async function breachesOf(
  url: string,
  all: readonly Way[],
  endpoints: readonly Endpoint[],
): Promise<string[]> {
  const found: string[] = [];
  await Promise.all(
    all.map(async (way) => {
      for (const endpoint of endpoints) {
        if (ending.has(`${endpoint.method} ${endpoint.path}`)) continue;
        const wrong = breach(way, await tryEndpoint(url, endpoint, way.headers));
        if (wrong !== undefined) found.push(wrong);
      }
    }),
  );
  return found;
}

const all = await ways();

test("every role and every route, by session and by key", async () => {
  const protectedOnes = everyEndpoint.filter(({ action }) => !isOpen(action));
  assert.ok(protectedOnes.length > 60, `${protectedOnes.length} protected routes`);
  assert.deepEqual(await breachesOf(server.running.url, all, protectedOnes), []);
});

test("without a credential, and with a wrong one, nothing protected answers", async () => {
  for (const headers of [
    {},
    { authorization: "Bearer aos_guess" },
    { cookie: "auraos.session=guess.guess" },
    { authorization: "Basic YTpi" },
  ])
    for (const endpoint of everyEndpoint) {
      if (isOpen(endpoint.action)) continue;
      const { label, status } = await tryEndpoint(server.running.url, endpoint, headers);
      assert.equal(status, 401, `${label} with ${JSON.stringify(headers)}`);
    }
});

test("a server that forgets to ask fails the matrix on every route it left open", async () => {
  const { deps } = server.running;
  const anybody = await deps.keys.callerOfKey(server.settings.apiKey ?? "");
  const careless = { ...deps, identity: { ...deps.identity, callerOf: () => anybody } };
  const http = buildApp(careless).listen(0, "127.0.0.1");
  await new Promise((resolve) => http.once("listening", resolve));
  const { port } = http.address() as { port: number };
  const way = all.find(({ role, via }) => role === "viewer" && via === "key") as Way;
  const beyond = everyEndpoint.filter(
    ({ action }) => !isOpen(action) && !isPersonal(action) && actionsOfRole("viewer")?.has(action) === false,
  );
  const found = await breachesOf(`http://127.0.0.1:${port}`, [way], beyond);
  assert.equal(found.length, beyond.length);
  http.closeAllConnections();
  http.close();
});

/** Routes of the server without a right of the table: what Express knows, not what the contract says. */
function unguarded(app: Express): string[] {
  type Handler = { endpoint?: { action: string } };
  type Layer = { route?: { path: string; stack: { method?: string; handle: Handler }[] } };
  const { stack } = app.router as unknown as { stack: Layer[] };
  return stack.flatMap(({ route }) =>
    (route?.stack ?? [])
      .filter(
        ({ handle }) => handle.endpoint === undefined || !isKnownAction(handle.endpoint.action as never),
      )
      .map(({ method = "all" }) => `${method} ${route?.path}`),
  );
}

test("a route that nobody guards is found, wherever it was put", async () => {
  const app = buildApp(server.running.deps);
  assert.deepEqual(unguarded(app), []);
  app.get("/api/v1/everything", (_request, response) => void response.json({ secrets: "all" }));
  app.post("/api/v1/workflows/:id/peek", (_request, response) => void response.json({}));
  assert.deepEqual(unguarded(app), ["get /api/v1/everything", "post /api/v1/workflows/:id/peek"]);
});
