// AuraOS as one of the peers: copy this file into `peers/` of the harness and set AURAOS_HOME to the checkout.
// node run.mjs --peer auraos --work W1|W2|W3|W4|W5 [--variant pure]
// Steps are effects, so each is durable before the next; `pure` measures nodes that ride along in the turn (W1, W4).
// The server is the product's with the bench's node types beside the library's, on its embedded PostgreSQL; its CPU
// and memory hold the database's, which is its child.
import fs from "node:fs";
import path from "node:path";
import pg from "pg";
import { DATA, payload, start, until } from "../lib/util.mjs";

export const durable = "every step";
export const conc = { W1: 100, W2: 16 };
export const n = { W1: 6000, W2: 600, W3: 10000 };

const HOME = process.env.AURAOS_HOME;
const PORT = 25490;
const KEY = "peer-key-of-at-least-thirty-two-characters";
const headers = { authorization: `Bearer ${KEY}` };
const origin = `http://127.0.0.1:${PORT}`;

const effect = (step) => ({ id: `s${step}`, type: "bench.effect", config: { step } });
const pure = (step) => ({ id: `s${step}`, type: "set", config: { fields: { [`s${step}`]: step } } });

function chain(name, steps, make, trigger = { id: "start", type: "trigger.manual", config: {} }) {
  const nodes = [trigger, ...Array.from({ length: steps }, (_, at) => make(at + 1))];
  const connections = nodes.slice(1).map((node, at) => ({ from: nodes[at].id, to: node.id }));
  return { name, nodes, connections };
}

function fan() {
  const steps = Array.from({ length: 100 }, (_, at) => ({ ...effect(at), id: `b${at}` }));
  const wires = steps.flatMap(({ id }) => [
    { from: "start", to: id },
    { from: id, to: "join" },
  ]);
  const start = { id: "start", type: "trigger.manual", config: {} };
  return {
    name: "w2",
    nodes: [start, ...steps, { id: "join", type: "noop", config: {}, join: "all" }],
    connections: wires,
  };
}

function workflows(make, log) {
  const logged = (step) => ({
    id: `s${step}`,
    type: "bench.logged",
    config: { step, ms: 0, file: log, line: step > 10 ? "{{ $json.id }} done" : `{{ $json.id }} ${step}` },
  });
  const sleep = { id: "sleep", type: "wait", config: { for: "until", until: "{{ $json.wakeAt }}" } };
  const hook = {
    id: "hook",
    type: "trigger.webhook",
    config: { path: "w4", methods: ["POST"], respond: "whenDone" },
  };
  return [
    chain("w1", 10, make),
    fan(),
    chain("w3", 2, (step) => (step === 1 ? sleep : pure(step))),
    chain("w4", 3, make, hook),
    chain("w5", 11, logged),
  ];
}

export async function launch({ variant }) {
  const dataDir = path.join(DATA, "auraos");
  const STEPLOG = path.join(DATA, "steps-auraos.log");
  for (const old of [dataDir, STEPLOG]) fs.rmSync(old, { recursive: true, force: true });
  const env = {
    DATABASE_URL: "",
    PORT: String(PORT),
    HOST: "127.0.0.1",
    AURAOS_DATA: dataDir,
    AURAOS_AUDIT_CHECKPOINTS: `${dataDir}/checkpoints`,
    AURAOS_API_KEY: KEY,
    AURAOS_LOG: "error",
    NODE_ENV: "production",
  };
  const flags = ["--disable-proto=delete", "--disallow-code-generation-from-strings"];
  const args = [...flags, path.join(HOME, "bench/src/server/serve.worker.ts")];
  const up = async () => {
    const child = start(path.join(HOME, "node_modules/.bin/node"), args, { name: "auraos", env });
    await until(async () => (await fetch(`${origin}/health/ready`)).ok, 60000, 20);
    return child;
  };
  let server = await up();
  for (const definition of workflows(variant === "pure" ? pure : effect, STEPLOG)) {
    const reply = await fetch(`${origin}/api/v1/workflows`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify(definition),
    });
    if (!reply.ok) throw new Error(await reply.text());
  }
  const run = (name, wait) => ({
    path: `/api/v1/workflows/${name}/execute${wait ? "?wait=120" : ""}`,
    headers,
  });
  const count = async (name) => {
    const password = fs.readFileSync(path.join(dataDir, "postgres.password"), "utf8").trim();
    const host = path.join(dataDir, "postgres.socket");
    const client = new pg.Client({ host, user: "postgres", password, database: "auraos" });
    await client.connect();
    const text = `SELECT count(*)::int AS n FROM workflow_executions e JOIN workflows w ON w.id = e.workflow_id
      WHERE w.name = $1 AND e.status = 'succeeded'`;
    const { rows } = await client.query(text, [name]);
    await client.end();
    return rows[0].n;
  };
  return {
    origin,
    STEPLOG,
    groups: { server: () => [server.pid], db: () => [] },
    groupNames: { server: "engine + database", db: "-" },
    req: {
      w1: (i) => ({ ...run("w1", true), body: payload(i) }),
      w2: (i) => ({ ...run("w2", true), body: payload(i) }),
      w3: (i, wakeAt) => ({ ...run("w3"), body: { ...payload(i), wakeAt: new Date(wakeAt).toISOString() } }),
      w4: (i) => ({ path: "/hooks/w4", headers, body: payload(i) }),
      w5: (id) => ({ ...run("w5"), body: { ...payload(1), id } }),
    },
    w3done: () => count("w3"),
    crash: () => server.kill9(),
    restart: async () => {
      server = await up();
    },
    stop: () => server.stop(30000),
  };
}
