// 1,000 schedules that are due at the same moment: how late their executions start, as the history has it.
import { setTimeout as delay } from "node:timers/promises";
import { PAYLOAD } from "../engine/workflows.ts";
import { type Bench, figureOf } from "../figure.ts";
import { withFolder } from "../measure/scratch.ts";
import { withServer } from "../server/startServer.ts";

const SCHEDULES = 1_000;
const AT_ONCE = 16;
const LEAD_MS = 20_000;

type Fire = { due: string; firedAt: string };

export const schedules: Bench = {
  about: "1,000 schedules due at one moment: how late each starts (due to durable start).",
  run: ({ n = SCHEDULES, note }) =>
    withFolder((folder) =>
      withServer(folder, async (server) => {
        const nodes = [
          { id: "start", type: "trigger.manual", config: {} },
          { id: "say", type: "set", config: { fields: { at: "{{ $json.scheduledAt }}" } } },
        ];
        const id = await server.create({ name: "due", nodes, connections: [{ from: "start", to: "say" }] });
        const ids: string[] = [];
        // Far enough away for all of them to be made.
        const dueMs = Math.ceil((Date.now() + LEAD_MS + n * 10) / 60_000) * 60_000;
        const due = new Date(dueMs);
        const cron = `${due.getUTCMinutes()} ${due.getUTCHours()} * * *`;
        let left = n;
        const make = async () => {
          while (left-- > 0) {
            const body = { name: `due ${left}`, workflow: id, cron, timezone: "UTC", input: PAYLOAD };
            ids.push(((await server.call("POST", "/api/v1/schedules", body)) as { id: string }).id);
          }
        };
        await Promise.all(Array.from({ length: AT_ONCE }, make));
        if (Date.now() > dueMs) throw new Error("making them took longer than the lead");
        note(`waiting for ${due.toISOString()}`);
        await delay(dueMs - Date.now() + 5_000);
        const late: number[] = [];
        for (const one of ids) {
          const { items } = (await server.call("GET", `/api/v1/schedules/${one}/fires`)) as { items: Fire[] };
          const [fire] = items;
          if (items.length !== 1 || !fire) throw new Error(`a schedule fired ${items.length} times`);
          late.push(Date.parse(fire.firedAt) - Date.parse(fire.due));
        }
        late.sort((a, b) => a - b);
        const at = (share: number) => late[Math.min(late.length - 1, Math.floor(late.length * share))] ?? 0;
        return [
          figureOf("schedules", "late_p50", at(0.5), "ms"),
          figureOf("schedules", "late_p99", at(0.99), "ms"),
          figureOf("schedules", "late_max", late.at(-1) ?? 0, "ms"),
        ];
      }),
    ),
};
