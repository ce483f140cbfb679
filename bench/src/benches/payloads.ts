// Big things: a payload of almost 50 MB through three nodes, and a loop over 100,000 items. What counts is that the
// server survives it: the peak of its resident memory.
import { readFileSync } from "node:fs";
import type { NodeDefinition } from "@auraos/kernel";
import { chain, pureStep } from "../engine/workflows.ts";
import type { Bench, Figure } from "../figure.ts";
import { figureOf } from "../figure.ts";
import { withFolder } from "../measure/scratch.ts";
import { type Server, withServer } from "../server/startServer.ts";

const NAME = "payloads";
const PAYLOAD_BYTES = 49_000_000;
const ITEMS = 100_000;
const MIB = 1024 * 1024;

export const payloads: Bench = {
  about: "50 MB through three nodes; a loop over 100,000 items: time and peak memory.",
  run: async ({ n = ITEMS, note }) => [
    ...(await measured("payload", note, async (server) => {
      const id = await server.create(chain("big", 3, pureStep));
      const text = "x".repeat(1_000);
      const rows = Array.from({ length: PAYLOAD_BYTES / 1_020 }, (_, at) => ({ at, text }));
      return server.call("POST", `/api/v1/workflows/${id}/execute?wait=120`, { rows });
    })),
    ...(await measured("foreach", note, async (server) => {
      const id = await server.create(loop());
      const items = Array.from({ length: n }, (_, at) => ({ at }));
      return server.call("POST", `/api/v1/workflows/${id}/execute?wait=120`, items);
    })),
  ],
};

async function measured(
  what: string,
  note: (text: string) => void,
  action: (server: Server) => Promise<unknown>,
): Promise<Figure[]> {
  return withFolder((folder) =>
    withServer(folder, async (server) => {
      const idle = peakBytes(server.pid);
      note(what);
      const startedAt = performance.now();
      const answer = (await action(server)) as { status: string; failure?: unknown };
      const seconds = (performance.now() - startedAt) / 1000;
      if (answer.status !== "succeeded")
        throw new Error(`${what}: ${answer.status} ${JSON.stringify(answer.failure)}`);
      return [
        figureOf(NAME, `${what}_seconds`, seconds, "s"),
        figureOf(NAME, `${what}_peak`, peakBytes(server.pid) / MIB, "MiB"),
        figureOf(NAME, `${what}_idle`, idle / MIB, "MiB"),
      ];
    }),
  );
}

function loop() {
  const nodes: NodeDefinition[] = [
    { id: "start", type: "trigger.manual", config: {} },
    { id: "loop", type: "foreach", config: { concurrency: 100 } },
    { id: "step", type: "set", parent: "loop", config: { fields: { double: "{{ $json.at * 2 }}" } } },
    { id: "count", type: "limit", config: { count: 1 } },
  ];
  return {
    name: "loop",
    nodes,
    connections: [
      { from: "start", to: "loop" },
      { from: "loop", port: "done", to: "count" },
    ],
  };
}

function peakBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) * 1024;
}
