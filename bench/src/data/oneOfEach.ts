// One of each kind that the lists of the app show, made as people make it.
import { setTimeout } from "node:timers/promises";
import type { Server } from "../server/startServer.ts";

const WITHIN_MS = 60_000;

/** Ids of what has the lists that belong to one thing. */
export type Filled = { table: string; workflow: string; task: string; schedule: string };

export async function oneOfEach({ create, call }: Server): Promise<Filled> {
  const workflow = await create({
    name: "Order intake",
    nodes: [
      { id: "start", type: "trigger.manual", config: {} },
      { id: "keep", type: "set", config: { fields: { seen: true } } },
    ],
    connections: [{ from: "start", to: "keep" }],
  });
  const post = async (path: string, body: Parameters<typeof call>[2]) =>
    (await call("POST", path, body)) as { id: string };
  await post(`/api/v1/workflows/${workflow}/execute?wait=10`, { customer: "Ada" });
  await call("PUT", `/api/v1/workflows/${workflow}/limits`, { dailyMax: 1_000_000 });
  const report = { name: "Nightly report", run: { kind: "script", code: "return { ok: true };" } };
  await post("/api/v1/tasks", report);
  await waiting({ create, call });
  const task = await post("/api/v1/tasks", { ...report, name: "Held report", paused: true });
  await post(`/api/v1/tasks/${task.id}/execute`, {});
  const schedule = await post("/api/v1/schedules", { name: "Every night", workflow, cron: "0 3 * * *" });
  await post("/api/v1/connections", {
    name: "Shop",
    type: "http.bearer",
    values: { token: "a token of the shop" },
    hosts: ["shop.example"],
  });
  await post("/api/v1/events", { source: "shop", type: "order.placed", data: { total: 40 } });
  const { id } = await post("/api/v1/tables", {
    name: "Customers",
    columns: [
      { name: "customer", type: "text" },
      { name: "paid", type: "number" },
    ],
  });
  await post(`/api/v1/tables/${id}/rows`, { rows: [{ customer: "Ada", paid: 40 }] });
  await call("PUT", "/api/v1/variables/RATE", { value: 3 });
  await post("/api/v1/alerts/rules", {
    name: "Too many fail",
    condition: { kind: "failureRate", percent: 50 },
    severity: "critical",
    enabled: false,
  });
  await post("/api/v1/incidents", { title: "Leaked key", severity: "high" });
  await call("PUT", "/api/v1/pools/shop", { slots: 2 });
  await post("/api/v1/api-keys", { name: "Key", role: "viewer" });
  await post("/api/v1/invitations", { email: "guest@example.com", role: "viewer" });
  return { table: id, workflow, task: task.id, schedule: schedule.id };
}

/** An approval that nobody has answered, and an event that a subscription holds because it is paused. */
async function waiting({ create, call }: Pick<Server, "create" | "call">): Promise<void> {
  const approval = await create({
    name: "Refund",
    nodes: [
      { id: "start", type: "trigger.manual", config: {} },
      { id: "ask", type: "approval", config: { title: "Refund?" } },
    ],
    connections: [{ from: "start", to: "ask" }],
  });
  await call("POST", `/api/v1/workflows/${approval}/execute`, {});
  await listed(call, "/api/v1/waits", () => true);
  await create({
    name: "On order",
    nodes: [{ id: "on", type: "trigger.event", config: { types: ["order.held"] } }],
    connections: [],
  });
  const subscription = await listed(call, "/api/v1/events/subscriptions", () => true);
  await call("POST", `/api/v1/events/subscriptions/${subscription.id}/pause`);
  await call("POST", "/api/v1/events", { source: "till", type: "order.held", data: {} });
  await listed(call, "/api/v1/events/subscriptions", ({ held }) => held === 1);
}

type Listed = { id: string; held: number };

/** The first row of the list once it is there, and is so. */
async function listed(
  call: Server["call"],
  address: string,
  isSo: (row: Listed) => boolean,
): Promise<Listed> {
  for (const deadline = Date.now() + WITHIN_MS; Date.now() < deadline; await setTimeout(50)) {
    const { items } = (await call("GET", address)) as { items: Listed[] };
    if (items[0] && isSo(items[0])) return items[0];
  }
  throw new Error(`${address} does not show what was made`);
}
