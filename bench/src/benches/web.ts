// The web app in a real browser, on a server that holds many executions: bytes of the first page, a large workflow that
// opens and is panned, lists that answer, and how long an event takes to the screen. What is measured in the browser
// is measured by a program of the e2e room, which knows how to start one. AURAOS_LIGHTHOUSE names a folder in which
// Lighthouse is installed (it is not among the packages); without it its scores are left out.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { WorkflowDefinition } from "@auraos/kernel";
import { buildWeb } from "../../../tools/buildWeb.mjs";
import { type Bench, type Figure, figureOf } from "../figure.ts";
import { withFolder } from "../measure/scratch.ts";
import { ownDatabase } from "../server/ownDatabase.ts";
import { HEADERS, type Server, withServer } from "../server/startServer.ts";

const NAME = "web";
const ROWS = 1_000_000;
const NODES = 1_000;
const COLUMNS = 25;
const PROGRAM = join(import.meta.dirname, "../../../e2e/measureWeb.worker.ts");
const LIGHTHOUSE = join(import.meta.dirname, "../../../e2e/measureLighthouse.worker.ts");

export const web: Bench = {
  about: "The web app: first load, a workflow of 1,000 nodes, lists over a million executions, live events.",
  run: ({ n = ROWS, note }) => {
    if (!buildWeb()) throw new Error("the web app does not build");
    return withFolder((folder) =>
      withServer(folder, async (server) => {
        const large = await server.create(largeWorkflow());
        const small = await server.create(smallWorkflow());
        await server.call("POST", `/api/v1/workflows/${small}/execute?wait=10`, { customer: "Ada" });
        note(`${n} executions`);
        await fillList(folder, n);
        note("the browser");
        const figures = await measureInBrowser(PROGRAM, server, { large, small });
        if (process.env.AURAOS_LIGHTHOUSE === undefined) {
          note("Lighthouse is left out: AURAOS_LIGHTHOUSE names no folder that has it");
          return figures;
        }
        note("Lighthouse");
        return [...figures, ...(await measureInBrowser(LIGHTHOUSE, server, { large, small }))];
      }),
    );
  },
};

async function measureInBrowser(
  program: string,
  server: Server,
  workflows: { large: string; small: string },
): Promise<Figure[]> {
  const child = spawn(process.execPath, [program], {
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      ...process.env,
      MEASURE_URL: `http://127.0.0.1:${server.port}`,
      MEASURE_KEY: HEADERS.authorization.replace("Bearer ", ""),
      MEASURE_LARGE: workflows.large,
      MEASURE_SMALL: workflows.small,
    },
  });
  const ended = once(child, "exit");
  const figures: Figure[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const { figure, value, unit, limit } = JSON.parse(line) as Figure;
    figures.push(figureOf(NAME, figure, value, unit, limit));
  }
  const [code] = await ended;
  if (code !== 0) throw new Error(`the program in the browser ended with code ${code}`);
  return figures;
}

/** Copies of the one execution that is there, one each 100 ms back in time: every 1,000th failed. */
async function fillList(folder: string, n: number): Promise<void> {
  const client = ownDatabase(folder);
  await client.connect();
  try {
    await client.query(
      `INSERT INTO workflow_executions (id, workflow_id, status, input_data, output_data, started_at, completed_at,
         execution_time, org_id, env_id, version_id, trigger_node, error_code, error_message)
       SELECT (lpad(to_hex(ms), 12, '0') || '7' || substr(md5(i::text), 1, 3) || '8' || substr(md5(i::text), 4, 15))::uuid,
         e.workflow_id, CASE WHEN i % 1000 = 0 THEN 'failed' ELSE 'succeeded' END,
         '{"order":' || i || ',"customer":"' || md5(i::text) || '","lines":[{"sku":"AB-1040","qty":3}]}',
         '{"ok":true,"total":' || i % 5000 || '}', to_timestamp(ms / 1000.0), to_timestamp((ms + 40) / 1000.0), 40,
         e.org_id, e.env_id, e.version_id, e.trigger_node,
         CASE WHEN i % 1000 = 0 THEN 'HTTP_503' END, CASE WHEN i % 1000 = 0 THEN 'The service is busy.' END
       FROM (SELECT * FROM workflow_executions LIMIT 1) e, generate_series(1, $1::int) i,
         LATERAL (SELECT (extract(epoch FROM e.started_at) * 1000)::bigint - i * 100::bigint AS ms) place`,
      [n],
    );
    await client.query("ANALYZE workflow_executions");
  } finally {
    await client.end();
  }
}

function smallWorkflow(): WorkflowDefinition {
  return {
    name: "Order intake",
    nodes: [
      { id: "start", type: "trigger.manual", config: {} },
      { id: "keep", type: "set", config: { fields: { seen: true } } },
    ],
    connections: [{ from: "start", to: "keep" }],
  };
}

/** Rows of nodes, each row a chain that leaves the trigger. */
function largeWorkflow(): WorkflowDefinition {
  const ids = Array.from({ length: NODES - 1 }, (_, index) => `n${index}`);
  return {
    name: "A thousand nodes",
    nodes: [
      { id: "start", type: "trigger.manual", config: {}, position: { x: 0, y: 0 } },
      ...ids.map((id, index) => ({
        id,
        type: "set",
        name: `Step ${index}`,
        config: { fields: { value: `{{ $json.value + ${index} }}` } },
        position: { x: 300 + (index % COLUMNS) * 300, y: Math.floor(index / COLUMNS) * 90 },
      })),
    ],
    connections: ids.map((id, index) => ({
      from: index % COLUMNS === 0 ? "start" : `n${index - 1}`,
      to: id,
    })),
  };
}
