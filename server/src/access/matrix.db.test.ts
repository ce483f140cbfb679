// Every role x every route x session and key: what the table gives is answered, everything else is refused. And the
// matrix itself is tested: a server that forgot to ask fails it on every protected route.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { actionsOfRole, type Endpoint, isOpen, isPersonal, roles } from "@auraos/contract";
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

type Way = { role: string; via: "session" | "key"; headers: Record<string, string> };

async function ways(): Promise<Way[]> {
  const all: Way[] = [];
  for (const role of roles) {
    const browser = role === "owner" ? owner : await invited(server, owner, `${role}@example.com`, role);
    all.push({ role, via: "session", headers: { cookie: cookieOf(browser) } });
    const { json } = await owner.call("POST", "/api/v1/api-keys", { name: `matrix ${role}`, role });
    all.push({ role, via: "key", headers: { authorization: `Bearer ${json.key}` } });
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
    : actionsOfRole(way.role)?.has(action) === true;
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
