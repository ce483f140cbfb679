// The surface that strangers meet, attacked: foreign pages, forged headers, floods, smuggled requests, fields nobody asked
// for, and failures that must tell nothing. docs/security.md says which requirement each of these holds.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, describe, test } from "node:test";
import { type Endpoint, isOpen, isPersonal, z } from "@auraos/contract";
import { buildApp } from "./app.ts";
import { browserOf } from "./testing/browserOf.ts";
import { everyEndpoint, tryEndpoint } from "./testing/everyRoute.ts";
import { setUpOwner } from "./testing/people.ts";
import { runningServer, type TestServer, testKey } from "./testing/runningServer.ts";
import { hello } from "./testing/workflows.ts";

const NOBODY = "01900000-0000-7000-8000-000000000000";
const server = await runningServer({ after }, { AURAOS_SIGN_INS_PER_MINUTE: "1000" });
const owner = await setUpOwner(server);
const cookie = [...owner.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
const { url } = server.running;

const pathOf = ({ path }: Endpoint) => path.replace(/:\w+/g, NOBODY);
const labelOf = ({ method, path }: Endpoint) => `${method.toUpperCase()} ${path}`;
const changing = everyEndpoint.filter(({ method }) => method !== "get");

describe("pages of others", () => {
  test("nothing that changes something is done for a page of another origin, on any route", async () => {
    const foreign: Record<string, string>[] = [
      { origin: "https://evil.example" },
      { origin: "null" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
    ];
    const wrong: string[] = [];
    for (const endpoint of changing.filter(({ action }) => !isOpen(action) || /auth/.test(action)))
      for (const headers of foreign) {
        const response = await fetch(url + pathOf(endpoint), {
          method: endpoint.method.toUpperCase(),
          headers: { cookie, "content-type": "application/json", ...headers },
          body: "{}",
        });
        const { code } = (await response.json()) as { code?: string };
        if (response.status !== 403 || code !== "ORIGIN_FOREIGN")
          wrong.push(`${labelOf(endpoint)} with ${JSON.stringify(headers)}: ${response.status} ${code}`);
      }
    assert.deepEqual(wrong, []);
    assert.equal((await owner.call("GET", "/api/v1/account")).status, 200, "the session is as it was");
  });

  test("a simple form of a foreign page is no request of ours: its content type is not taken", async () => {
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
    ]) {
      const { status } = await owner.call("POST", "/api/v1/workflows", JSON.stringify(hello), {
        "content-type": type,
      });
      assert.equal(status, 415, type);
    }
  });

  test("no GET changes anything: the right it asks for is one to read", () => {
    const writing = everyEndpoint.filter(
      ({ method, action }) =>
        method === "get" && !isOpen(action) && !isPersonal(action) && !action.endsWith(".read"),
    );
    // These tell so much that reading is not enough for them; they change nothing all the same.
    const telling = new Set(["GET /api/v1/incidents/:id/evidence"]);
    assert.deepEqual(
      writing.map(labelOf).filter((label) => !telling.has(label)),
      [],
    );
  });

  test("no other origin is invited, and no answer leads to another host", async () => {
    for (const path of ["/", "/api/v1/workflows", "/health/live", "/hooks/x", "/forms/x"]) {
      const response = await fetch(url + path, {
        method: "OPTIONS",
        headers: { origin: "https://evil.example", "access-control-request-method": "POST" },
      });
      for (const name of ["access-control-allow-origin", "access-control-allow-credentials"])
        assert.equal(response.headers.get(name), null, path);
    }
    for (const path of [
      "//evil.example",
      "//evil.example/%2e%2e",
      "/%5cevil.example",
      "/\\evil.example",
      "/sign-in?to=//evil.example",
      "/sign-in?redirect=https://evil.example",
      "/forms//evil.example",
      "/api/v1/auth/callback/oidc?error=x&redirect_uri=https://evil.example",
    ]) {
      const answer = await raw(
        `GET ${path} HTTP/1.1\r\nHost: here\r\nAccept: text/html\r\nConnection: close\r\n\r\n`,
      );
      const location = /^location: *(.*)$/im.exec(answer)?.[1] ?? "/";
      assert.match(location, /^\/(?![/\\])/, path);
    }
  });

  test("live connections open for pages of this server alone, over WebSocket as over polling", async () => {
    const upgrade = (path: string, headers: string) =>
      raw(
        `GET ${path} HTTP/1.1\r\nHost: ${new URL(url).host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
          `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${headers}\r\n`,
        1_000,
      );
    const live = "/socket.io/?EIO=4&transport=websocket";
    for (const origin of ["https://evil.example", "null", `${url}.evil.example`])
      assert.ok(
        !(await upgrade(live, `Origin: ${origin}\r\nCookie: ${cookie}\r\n`)).includes(" 101 "),
        origin,
      );
    assert.match(await upgrade(live, `Origin: ${url}\r\nCookie: ${cookie}\r\n`), / 101 /);
    const polling = await fetch(`${url}/socket.io/?EIO=4&transport=polling`, {
      headers: { origin: "https://evil.example", cookie },
    });
    assert.equal(polling.status, 403);
    for (const headers of ["", `Origin: ${url}\r\n`, "Authorization: Bearer aos_guess\r\n"])
      assert.ok(!(await upgrade("/api/v1/workers/connect", headers)).includes(" 101 "), headers);
  });
});

describe("answers", () => {
  test("every answer says how it may be used: not stored, not sniffed, not framed, no referrer", async () => {
    const wrong: string[] = [];
    const targets = [
      ...everyEndpoint
        .filter(
          ({ method, produces }) => method === "get" && produces?.includes("text/event-stream") !== true,
        )
        .map((endpoint) => ["GET", pathOf(endpoint)] as const),
      ...[
        ["GET", "/api/v1/nothing"],
        ["GET", "/api/v1/workflows/%E0%A4%A"],
        ["DELETE", "/api/v1/executions"],
        ["POST", "/hooks/nobody"],
        ["GET", "/forms/nobody"],
      ],
    ] as [string, string][];
    for (const [method, path] of targets) {
      const response = await fetch(url + path, {
        method,
        redirect: "manual",
        headers: { authorization: `Bearer ${testKey}` },
      });
      await response.arrayBuffer();
      const header = (name: string) => response.headers.get(name) ?? "";
      const isPage = path === "/";
      if (!isPage && !/no-store|no-cache/.test(header("cache-control"))) wrong.push(`${path} may be cached`);
      if (header("x-content-type-options") !== "nosniff") wrong.push(`${path} may be sniffed`);
      if (!/frame-ancestors 'none'/.test(header("content-security-policy")))
        wrong.push(`${path} may be framed`);
      if (!/no-referrer|same-origin/.test(header("referrer-policy"))) wrong.push(`${path} sends a referrer`);
      for (const name of ["server", "x-powered-by"])
        if (header(name) !== "") wrong.push(`${path} has ${name}`);
    }
    assert.deepEqual(wrong, []);
  });

  test("no secret travels in an address: none of the contract's paths and queries asks for one", () => {
    const secret = /token|secret|password|key$|code$|credential/i;
    // What an identity provider sends back is good once, for the browser that began, and for seconds.
    const known = new Set(["GET /api/v1/auth/callback/:provider"]);
    const named = everyEndpoint.flatMap((endpoint) => {
      const query = endpoint.query ? Object.keys((endpoint.query as z.ZodObject).shape ?? {}) : [];
      const params = [...endpoint.path.matchAll(/:(\w+)/g)].map(([, name = ""]) => name);
      return [...query, ...params].filter((name) => secret.test(name)).map(() => labelOf(endpoint));
    });
    assert.deepEqual(
      named.filter((label) => !known.has(label)),
      [],
    );
  });

  test("every read answers with the fields of its contract and no others", async () => {
    // A field that the contract does not list is a 500 here: platform/replies.test.ts.
    const answered: number[] = [];
    for (const endpoint of everyEndpoint.filter(({ method }) => method === "get")) {
      const { status, text } = await tryEndpoint(url, endpoint, { cookie });
      assert.notEqual(status, 500, `${labelOf(endpoint)}: ${text.slice(0, 500)}`);
      answered.push(status);
    }
    const good = answered.filter((status) => status === 200).length;
    assert.ok(good > 60, `only ${good} of ${answered.length} answered with something`);
  });

  test("what nobody foresaw is told as such and no more, and opens nothing", async (t) => {
    const inside = "connection to postgres://auraos:hunter2@10.0.0.7/x failed in /srv/secret/place.ts";
    const { deps } = server.running;
    const broken = {
      ...deps,
      identity: {
        ...deps.identity,
        callerOf: () => {
          throw new Error(inside);
        },
      },
    };
    const http = buildApp(broken).listen(0, "127.0.0.1");
    t.after(() => {
      http.closeAllConnections();
      http.close();
    });
    await new Promise((resolve) => http.once("listening", resolve));
    const { port } = http.address() as { port: number };
    for (const endpoint of everyEndpoint.filter(({ action }) => !isOpen(action))) {
      const response = await fetch(`http://127.0.0.1:${port}${pathOf(endpoint)}`, {
        method: endpoint.method.toUpperCase(),
      });
      const text = await response.text();
      assert.equal(response.status, 500, labelOf(endpoint));
      assert.ok(!/hunter2|postgres|place|\.ts|\bat /.test(text), text);
      assert.match(text, /"requestId":"[0-9a-f-]{36}"/);
    }
  });
});

describe("floods", () => {
  const spoofed = (n: number) => ({
    "x-forwarded-for": `203.0.113.${n % 250}`,
    "x-real-ip": `203.0.113.${n % 250}`,
    forwarded: `for=203.0.113.${n % 250}`,
    "cf-connecting-ip": `203.0.113.${n % 250}`,
    "true-client-ip": `203.0.113.${n % 250}`,
  });

  async function statuses(to: TestServer, count: number, headers: (n: number) => Record<string, string>) {
    const found = new Map<number, number>();
    for (let n = 0; n < count; n += 1) {
      const response = await fetch(`${to.running.url}/api/v1/workflows`, { headers: headers(n) });
      await response.arrayBuffer();
      found.set(response.status, (found.get(response.status) ?? 0) + 1);
    }
    return found;
  }

  test("an address has its measure, whatever headers it writes; behind a trusted proxy each client has", async (t) => {
    const alone = await runningServer(t, { AURAOS_ADDRESS_PER_MINUTE: "120" });
    const forged = await statuses(alone, 200, (n) => ({ authorization: `Bearer ${testKey}`, ...spoofed(n) }));
    assert.ok((forged.get(429) ?? 0) >= 60, JSON.stringify([...forged]));
    const refused = await alone.call("GET", "/api/v1/workflows");
    assert.deepEqual([refused.status, refused.json.code], [429, "TOO_MANY_REQUESTS"]);
    assert.ok(Number(refused.headers.get("retry-after")) >= 1);

    const behind = await runningServer(t, {
      AURAOS_ADDRESS_PER_MINUTE: "120",
      AURAOS_TRUSTED_PROXIES: "127.0.0.1",
    });
    const authorization = `Bearer ${testKey}`;
    const many = await statuses(behind, 200, (n) => ({
      authorization,
      "x-forwarded-for": `203.0.113.${n % 10}`,
    }));
    assert.deepEqual([...many], [[200, 200]], "ten clients");
    const one = await statuses(behind, 200, (n) => ({
      authorization,
      "x-forwarded-for": `10.9.8.${n % 250}, 198.51.100.1`,
    }));
    assert.ok((one.get(429) ?? 0) >= 60, "what a client writes before the proxy's entry is its own word");
    // A session remembers the client, not the proxy.
    await setUpOwner(behind);
    const browser = browserOf(behind);
    const { goodPassword } = await import("./testing/people.ts");
    const from = { "x-forwarded-for": "192.0.2.44" };
    await browser.call(
      "POST",
      "/api/v1/auth/sign-in",
      { email: "ann@example.com", password: goodPassword },
      from,
    );
    const { json } = await browser.call("GET", "/api/v1/account/sessions", undefined, from);
    assert.equal(json.items.find((session: { current: boolean }) => session.current).address, "192.0.2.44");
  });

  test("a key has its measure, and so has an organization, and the command line of this machine has none", async (t) => {
    const strict = await runningServer(t, {
      AURAOS_KEY_PER_MINUTE: "40",
      AURAOS_ORGANIZATION_PER_MINUTE: "60",
    });
    const second = await strict.call("POST", "/api/v1/api-keys", { name: "second", role: "viewer" });
    assert.equal(second.status, 201, second.text);
    const first = await statuses(strict, 60, () => ({ authorization: `Bearer ${testKey}` }));
    assert.ok((first.get(200) ?? 0) >= 35 && (first.get(429) ?? 0) >= 15, JSON.stringify([...first]));
    const other = await statuses(strict, 60, () => ({ authorization: `Bearer ${second.json.key}` }));
    // What is left of the organization's sixty.
    const answered = other.get(200) ?? 0;
    assert.ok(answered >= 15 && answered <= 30, JSON.stringify([...other]));
    const { localKey } = strict.running.deps.keys;
    const local = await statuses(strict, 60, () => ({ authorization: `Bearer ${localKey}` }));
    assert.deepEqual([...local], [[200, 60]]);
  });

  test("whoever tries keys is soon asked to wait, and good keys go on from the same address", async (t) => {
    const tried = await runningServer(t);
    assert.equal((await tried.call("GET", "/api/v1/workflows")).status, 200);
    const guesses = await statuses(tried, 90, (n) => ({
      authorization: `Bearer aos_guess_${n}`,
      ...spoofed(n),
    }));
    assert.deepEqual([...guesses.keys()].sort(), [401, 429]);
    assert.ok((guesses.get(401) ?? 0) <= 65, JSON.stringify([...guesses]));
    assert.equal((await tried.call("GET", "/api/v1/workflows")).status, 200);
  });
});

describe("what HTTP does not allow", () => {
  const hidden = "GET /api/v1/workflows HTTP/1.1\r\nHost: here\r\n\r\n";
  const start = "POST /health/live HTTP/1.1\r\nHost: here\r\n";
  const probes: Record<string, string> = {
    "a length and chunks": `${start}Content-Length: ${hidden.length + 5}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
    "two lengths": `${start}Content-Length: 0\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`,
    "two lengths in one": `${start}Content-Length: 0, ${hidden.length}\r\n\r\n${hidden}`,
    "a length with a sign": `${start}Content-Length: +${hidden.length}\r\n\r\n${hidden}`,
    "an encoding that is nearly chunked": `${start}Transfer-Encoding: xchunked\r\n\r\n${hidden}`,
    "chunks twice": `${start}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n${hidden}`,
    "a space before the colon": `${start}Transfer-Encoding : chunked\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`,
    "a folded header": `${start}Transfer-Encoding:\r\n chunked\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`,
    "a bare line feed": `POST /health/live HTTP/1.1\nHost: here\nTransfer-Encoding: chunked\nContent-Length: 5\n\n0\n\n${hidden}`,
    "a chunk that is longer than said": `${start}Transfer-Encoding: chunked\r\n\r\n1\r\nxyz\r\n0\r\n\r\n${hidden}`,
    "a chunk size that is none": `${start}Transfer-Encoding: chunked\r\n\r\n0x1\r\nx\r\n0\r\n\r\n${hidden}`,
    "a null in a header": `${start}X-A: a\0b\r\nContent-Length: 0\r\n\r\n${hidden}`,
    "no host": `GET /health/live HTTP/1.1\r\n\r\n${hidden}`,
  };
  for (const [what, probe] of Object.entries(probes))
    test(`${what}: refused, and what stands behind it is no request`, async () => {
      const answer = await raw(probe);
      // 405 where the body was not looked at before the answer; what follows it is refused all the same.
      assert.match(answer, /^HTTP\/1\.1 (400|405) /, what);
      // The hidden request would be asked for a key.
      assert.ok(!/^HTTP\/1\.1 (?!400|405)/m.test(answer), answer);
    });

  test("a body that nobody asked for is not taken for the next request", async () => {
    const smuggled = "DELETE /api/v1/account HTTP/1.1\r\nHost: here\r\n\r\n";
    const answer = await raw(
      `GET /health/live HTTP/1.1\r\nHost: here\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}` +
        "GET /health/live HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n",
    );
    assert.deepEqual(answer.match(/HTTP\/1\.1 \d+/g), ["HTTP/1.1 200", "HTTP/1.1 200"]);
  });

  test("headers without end are cut off", async () => {
    const answer = await raw(
      `GET /health/live HTTP/1.1\r\nHost: here\r\n${`X-A: ${"a".repeat(1000)}\r\n`.repeat(100)}\r\n`,
    );
    assert.match(answer, /^HTTP\/1\.1 431 /);
  });
});

describe("fields nobody asked for", () => {
  test("every body is a closed list of fields, but those that are data of a person's own", () => {
    const free = new Set([
      // Extension attributes of CloudEvents, and rows by the columns of their table.
      "POST /api/v1/events",
      "PUT /api/v1/tables/:id/rows/:row",
    ]);
    const loose = everyEndpoint.filter(({ body }) => {
      if (body?.kind !== "json" || body.schema === undefined) return false;
      return isLoose(z.toJSONSchema(body.schema, { io: "input", unrepresentable: "any" }) as Schema);
    });
    assert.deepEqual(
      loose.map(labelOf).filter((label) => !free.has(label)),
      [],
    );
  });

  test("rights and owners cannot be written by those who may write the rest", async () => {
    const more = {
      role: "owner",
      orgId: NOBODY,
      id: NOBODY,
      createdBy: NOBODY,
      actions: ["organization.delete"],
    };
    for (const [method, path, body] of [
      ["PUT", "/api/v1/account", { name: "Ann", emailVerified: true, twoFactorEnabled: false, ...more }],
      ["PUT", "/api/v1/organization", { name: "Mine", plan: "free", ...more }],
      [
        "POST",
        "/api/v1/connections",
        { name: "c", type: "http.bearer", values: { token: "t" }, hosts: ["h"], ...more },
      ],
      ["POST", "/api/v1/invitations", { email: "x@example.com", ...more, invitedBy: NOBODY }],
      ["POST", "/api/v1/alerts/rules", { name: "r", condition: { kind: "waitingApproval" }, ...more }],
    ] as const) {
      const { status, json } = await owner.call(method, path, body);
      assert.ok(status === 400 || status === 404 || status === 422, `${method} ${path}: ${status}`);
      assert.ok(json.code, path);
    }
    const { json } = await owner.call("GET", "/api/v1/account");
    assert.equal(json.user.name, "Ann Owner");
  });

  test("no body reaches a prototype, on any route", async () => {
    const bodies = [
      '{"__proto__":{"polluted":true}}',
      '{"constructor":{"prototype":{"polluted":true}}}',
      '{"name":"x","nodes":[{"id":"a","type":"set","config":{"fields":{"__proto__":{"polluted":true}}}}],"connections":[]}',
      '{"values":{"__proto__":{"polluted":true}}}',
      '[{"__proto__":{"polluted":true}}]',
    ];
    for (const endpoint of changing.filter(
      ({ body, path }) => body !== undefined && !/end$|account$/.test(path),
    ))
      for (const body of bodies) {
        const { status } = await server.call(endpoint.method.toUpperCase(), pathOf(endpoint), body);
        assert.ok(status !== 500, `${labelOf(endpoint)} with ${body}: ${status}`);
      }
    assert.equal(({} as { polluted?: boolean }).polluted, undefined);
    assert.equal(([] as unknown as { polluted?: boolean }).polluted, undefined);
    const { id } = (await server.call("POST", "/api/v1/workflows", hello)).json;
    const ran = await server.call(
      "POST",
      `/api/v1/workflows/${id}/execute?wait=10`,
      '{"constructor":{"name":"x"}}',
    );
    assert.equal(ran.status, 200, "a field of that name is data");
  });
});

type Schema = {
  type?: string;
  additionalProperties?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
};

function isLoose(schema: Schema): boolean {
  const parts = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (parts) return parts.some(isLoose);
  return schema.type === "object" && schema.additionalProperties !== false;
}

/** Bytes as they are; what came back until the other side closed, or for so long. */
function raw(bytes: string, withinMs = 20_000): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    let text = "";
    const end = setTimeout(() => socket.destroy(), withinMs);
    socket.on("connect", () => socket.write(bytes, "latin1"));
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      if (text.includes(" 101 ")) socket.destroy();
    });
    socket.on("error", (error) => (text === "" ? reject(error) : undefined));
    socket.on("close", () => {
      clearTimeout(end);
      resolve(text);
    });
  });
}
