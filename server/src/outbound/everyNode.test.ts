// Every node type that calls out, listening triggers and tools of agents included, x every way to write a private address:
// refused, and nothing connects. A node type that reaches the network and is not in the table below fails the first test.
import assert from "node:assert/strict";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type JsonObject, NodeError } from "@auraos/kernel";
import {
  type ActivityCall,
  type ActivityContext,
  findNodeType,
  type HttpClient,
  type ListenContext,
  type NodeModule,
  nodeTypes,
} from "@auraos/nodes";
import { testContext } from "@auraos/nodes/testing.ts";
import { createReach } from "../activities/reach.ts";

let connections = 0;
const trap = createServer((socket) => {
  connections += 1;
  socket.destroy();
});
await new Promise<void>((resolve) => trap.listen({ port: 0, host: "::", ipv6Only: false }, resolve));
const { port } = trap.address() as { port: number };
const dataDir = mkdtempSync(join(tmpdir(), "auraos-ssrf-"));
const reach = createReach({ dataDir, filesDir: join(dataDir, "files"), allowHosts: [] });
after(async () => {
  trap.close();
  await reach.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Config of a call to a host, by node type. `host` comes as it stands in an address. */
const outbound: Record<string, (host: string) => JsonObject> = {
  http: (host) => ({ url: `http://${host}:${port}/` }),
  rss: (host) => ({ url: `http://${host}:${port}/feed.xml` }),
  jwt: (host) => ({ operation: "verify", token: unsigned, keysUrl: `http://${host}:${port}/keys` }),
  email: (host) => ({
    host: bare(host),
    port,
    encryption: "none",
    from: "a@example.com",
    to: "b@example.com",
    subject: "s",
    text: "t",
  }),
  postgres: (host) => ({ connection: `postgresql://u:p@${host}:${port}/d?sslmode=disable`, sql: "select 1" }),
  redis: (host) => ({ connection: `redis://${host}:${port}`, operation: "get", key: "k" }),
  firestore: (host) => ({ project: "p", service: `http://${host}:${port}`, operation: "get", path: "a/b" }),
  "ai.chat": (host) => model("ai.chat", host),
  "ai.extract": (host) => model("ai.extract", host),
  "ai.classify": (host) => model("ai.classify", host),
  "ai.summarise": (host) => model("ai.summarise", host),
  "ai.agent": (host) => model("ai.agent", host),
  "ai.tool.http": (host) => ({
    name: "ask",
    description: "Asks.",
    method: "GET",
    url: `http://${host}:${port}/`,
    parameters: [],
  }),
  "trigger.redis": (host) => ({
    connection: `redis://${host}:${port}`,
    kind: "stream",
    stream: "s",
    group: "g",
  }),
  "trigger.postgres": (host) => ({
    connection: `postgresql://u:p@${host}:${port}/d?sslmode=disable`,
    kind: "rows",
    table: "t",
    column: "id",
  }),
  "trigger.rss": (host) => ({ url: `http://${host}:${port}/feed.xml` }),
  "trigger.poll": (host) => ({ url: `http://${host}:${port}/`, watch: "items", idField: "id" }),
};

/** Files that are shared parts of the above, or descriptions of what a context is. */
const parts = ["ai/", "credentials/", "errors/", "defineNode.ts", "testing.ts", "testing/"];

const unsigned = `${Buffer.from('{"alg":"RS256","kid":"k"}').toString("base64url")}.e30.c2ln`;

/** The node's own example, with another address. */
function model(type: string, host: string): JsonObject {
  const { credential: _, ...example } = findNodeType(type)?.example ?? {};
  return { ...example, model: "m", apiKey: "k", baseUrl: `http://${host}:${port}/v1` };
}

function bare(host: string): string {
  return host.replace(/^\[|\]$/g, "");
}

const spellings = [
  ...[
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "0177.0.0.1",
    "0x7f.0.0.1",
    "0x7f000001",
    "2130706433",
    "017700000001",
  ],
  ...["localhost", "LOCALHOST", "localhost.", "0", "0.0.0.0", "①②⑦.⓪.⓪.①", "127。0。0。1", "127.255.255.254"],
  ...["[::1]", "[0:0:0:0:0:0:0:1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]"],
  ...["[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fe80::1]", "[fc00::1]", "[fd00:ec2::254]", "[ff02::1]"],
  ...["10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.100.100.200", "100.64.0.1"],
  ...["168.63.129.16", "198.18.0.1", "192.0.2.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"],
];

test("every node type that reaches the network is in the table", () => {
  const folder = dirname(fileURLToPath(import.meta.resolve("@auraos/nodes")));
  const callers = globSync("**/*.ts", { cwd: folder, exclude: ["**/*.test.ts"] })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) =>
      /context\.http\b|\baddressOf\(|\bhttp\.request\(/.test(readFileSync(join(folder, file), "utf8")),
    );
  const known = Object.keys(outbound).map((type) => `${type.replaceAll(".", "/")}/`);
  const unknown = callers.filter((file) => ![...known, ...parts].some((one) => file.startsWith(one)));
  assert.deepEqual(unknown, [], "add these node types to the table of this test");
  assert.ok(callers.length > 5);
});

test("a node type that says it can fail as calls to the network do is in the table", () => {
  const sayingSo = nodeTypes.filter(({ errors = {} }) => "ADDRESS_REFUSED" in errors).map(({ type }) => type);
  const activities = Object.keys(outbound).filter((type) => findNodeType(type)?.run !== undefined);
  assert.deepEqual(sayingSo.sort(), activities.sort());
});

const guarded = {
  http: reach.http("w"),
  addressOf: (host: string, to: number) => reach.addressOf("w", host, to),
};

/** Does what the node does when it runs, listens, or is used by an agent. */
function begin(module: NodeModule, config: JsonObject): Promise<unknown> {
  if (module.listen) return module.listen(config, listening());
  const agent = module.structure === "attachment" ? findNodeType("ai.agent") : undefined;
  const call: ActivityCall = {
    config: agent ? { prompt: "Ask.", model: "m", apiKey: "k", baseUrl: "https://model.example/v1" } : config,
    items: [{ json: {} }],
    inputs: {},
    index: 0,
    attempt: 1,
    idempotencyKey: "k",
    nowMs: 0,
    seed: "s",
    zone: "UTC",
    ...(agent ? { attached: { tool: [{ id: "t", name: "t", type: module.type, config }] } } : {}),
  };
  const context: ActivityContext = {
    ...testContext(),
    ...guarded,
    ...(agent ? { http: modelThatCalls } : {}),
  };
  const run = (agent ?? module).run;
  assert.ok(run);
  return run(call, context);
}

/** A model that wants the tool; whatever else is asked goes the guarded way. */
const modelThatCalls: HttpClient = {
  async request(request, signal) {
    if (new URL(request.url).host !== "model.example") return guarded.http.request(request, signal);
    const call = { id: "c", type: "function", function: { name: "ask", arguments: "{}" } };
    const message = { role: "assistant", content: null, tool_calls: [call] };
    const reply = {
      id: "r",
      object: "chat.completion",
      choices: [{ index: 0, finish_reason: "tool_calls", message }],
    };
    const body = new TextEncoder().encode(JSON.stringify(reply));
    return { status: 200, headers: { "content-type": "application/json" }, body, url: request.url };
  },
};

function listening(): ListenContext {
  const { signal, files, credential } = testContext();
  return {
    ...{ signal, files, credential, ...guarded, cursor: undefined },
    async take() {},
    async listening() {},
    nowMs: Date.now,
    pause: async () => false,
  };
}

for (const [type, configOf] of Object.entries(outbound)) {
  const module = findNodeType(type);
  test(`${type}: no private address, however it is written`, async () => {
    assert.ok(module, `there is no node type ${type}`);
    const problems = module.checkConfig?.(configOf("example.com")) ?? [];
    assert.deepEqual(problems, [], "the table's config suits the node");
    const before = connections;
    const attempt = async (spelling: string) => {
      await assert.rejects(begin(module, configOf(spelling)), (error) => {
        assert.ok(error instanceof NodeError, `${spelling}: ${String(error)}`);
        assert.match(
          error.failure.code,
          /^(ADDRESS_REFUSED|INVALID_URL|PARAM_INVALID|DNS_FAILED|HOST_NOT_FOUND|NAME_NOT_FOUND)$/,
          `${spelling}: ${error.failure.code} ${error.failure.message}`,
        );
        assert.notEqual(error.failure.certainty, "unknown", spelling);
        return true;
      });
    };
    await Promise.all(spellings.map(attempt));
    assert.equal(connections, before, "nothing connected");
  });
}
