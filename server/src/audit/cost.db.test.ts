// What an entry costs, in processor time of this process: it must stay far below a millisecond. And what happens thousands
// of times a second writes none.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { runningServer } from "../testing/runningServer.ts";
import { hello } from "../testing/workflows.ts";
import type { AuditFact } from "./createAudit.ts";

const server = await runningServer({ after });
const { deps, orgId } = server.running;
const ENTRIES = 2_000;
const AT_ONCE = 20;

const fact: AuditFact = {
  ...{ orgIds: [orgId], kind: "change", actor: "user:ann@example.com", userId: "u", via: "session" },
  ...{
    role: "owner",
    address: "10.1.2.3",
    action: "workflow.write",
    what: "PUT /api/v1/workflows/:id/draft",
  },
  ...{ object: "01900000-0000-7000-8000-000000000000", name: "Orders", fields: ["name", "nodes"] },
  changes: Array.from({ length: 10 }, (_, n) => ({
    path: `nodes/n${n}/config/url`,
    before: "a",
    after: "b",
  })),
  ...{ outcome: "done", code: null, requestId: "" },
};

test("an entry with its journal lines, its sealed name and its place in the chain costs well below 1 ms", async () => {
  const run = async (count: number) => {
    for (let done = 0; done < count; done += AT_ONCE)
      await Promise.all(
        Array.from({ length: AT_ONCE }, (_, n) => {
          const requestId = `cost-${done + n}`;
          deps.audit.begin({ ...fact, requestId });
          return deps.audit.note({ ...fact, requestId });
        }),
      );
  };
  await run(200);
  const before = process.cpuUsage();
  await run(ENTRIES);
  const { user, system } = process.cpuUsage(before);
  const each = (user + system) / ENTRIES;
  console.log(`an audit entry: ${each.toFixed(0)} µs of processor time, ${AT_ONCE} at once`);
  assert.ok(each < 1_000, `${each} µs`);
});

test("executions write no entry", async () => {
  const { json } = await server.call("POST", "/api/v1/workflows", hello);
  await server.call("POST", `/api/v1/workflows/${json.id}/publish`);
  const count = async () => (await server.call("GET", "/api/v1/audit?limit=1")).json.items[0].seq as number;
  const before = await count();
  for (let n = 0; n < 20; n += 1)
    await server.call("POST", `/api/v1/workflows/${json.id}/execute`, { name: "x" });
  assert.equal(await count(), before);
});
