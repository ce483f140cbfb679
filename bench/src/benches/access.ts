// What asking who is there costs: the processor time that an authorised request has beyond an open one, by key and by
// session. And what reading a credential costs: from memory, unsealed, and with the row read first.
import { assemble, createLog, readSettings } from "@auraos/server";
import { withTenant } from "@auraos/server/platform/db.ts";
import { demand } from "@auraos/server/platform/http.ts";
import type { Bench } from "../figure.ts";
import { figureOf } from "../figure.ts";
import { withFolder } from "../measure/scratch.ts";

const NAME = "access";
const KEY = "bench-key-of-at-least-thirty-two-characters";
const ASKED = 100_000;
const READS = 20_000;
const ROWS_READ = 300;

export const access: Bench = {
  about: "An authorised request beside an open one and a credential read, in processor time.",
  run: ({ note }) =>
    withFolder(async (folder) => {
      const settings = readSettings({
        AURAOS_DATA: folder,
        PORT: "0",
        AURAOS_API_KEY: KEY,
        AURAOS_WORKERS: "0",
      });
      const running = await assemble(settings, { log: createLog("error") });
      try {
        const cookie = await ownersCookie(running);
        note("requests");
        const request = await requestsOf(running, cookie);
        note("credentials");
        const read = await credentialsOf(running);
        return [
          figureOf(NAME, "authorised_by_key", request.key * 1000, "CPU us more"),
          figureOf(NAME, "authorised_by_session", request.session * 1000, "CPU us more"),
          figureOf(NAME, "credential_from_memory", read.memoryMs * 1000, "CPU us"),
          figureOf(NAME, "credential_unsealed", read.unsealedMs * 1000, "CPU us"),
          figureOf(NAME, "credential_from_database", read.databaseMs, "CPU ms"),
        ];
      } finally {
        await running.stop();
      }
    }),
};

type Server = Awaited<ReturnType<typeof assemble>>;

async function ownersCookie({ url, deps }: Server): Promise<string> {
  const response = await fetch(`${url}/api/v1/auth/set-up`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify({
      token: await deps.identity.setUpToken(),
      name: "Ann",
      email: "ann@example.com",
      password: "four unlikely grey herons",
    }),
  });
  if (response.status !== 201) throw new Error(`set-up: ${response.status} ${await response.text()}`);
  return response.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
}

/** What an authorised request has beyond an open one: who is asking, from memory as all but the first find it, and may they. */
async function requestsOf({ deps, url }: Server, cookie: string) {
  const { host } = new URL(url);
  const requestOf = (headers: Record<string, string>) =>
    ({
      method: "POST",
      headers: { host, ...headers },
      socket: { remoteAddress: "127.0.0.1" },
    }) as unknown as Parameters<typeof deps.identity.callerOf>[0];
  const costOf = (headers: Record<string, string>) => {
    const request = requestOf(headers);
    return perTurn(ASKED, async () =>
      demand(await deps.identity.callerOf(request, "workflow.write"), "workflow.write"),
    );
  };
  return {
    key: await costOf({ authorization: `Bearer ${KEY}` }),
    session: await costOf({ cookie, origin: url }),
  };
}

async function credentialsOf({ url, orgId, deps }: Server) {
  const made = await fetch(`${url}/api/v1/connections`, {
    method: "POST",
    headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json" },
    body: JSON.stringify({
      name: "Shop",
      type: "http.bearer",
      values: { token: "a token of some forty-eight characters, or more" },
      hosts: ["shop.example"],
    }),
  });
  const { id } = (await made.json()) as { id: string };
  const use = { host: "shop.example", port: 443 };
  await deps.connections.open(orgId, "Shop", use);
  const memoryMs = await perTurn(READS, () => deps.connections.open(orgId, "Shop", use));
  const opened = await deps.connections.openById(orgId, id);
  if (!opened) throw new Error("the connection is gone");
  const unsealedMs = await withTenant(deps.api, orgId, (tx) =>
    perTurn(READS, () => deps.connections.secretsOf(tx, orgId, opened.row)),
  );
  const databaseMs = await perTurn(ROWS_READ, () => deps.connections.openById(orgId, id));
  return { memoryMs, unsealedMs, databaseMs };
}

/** Processor milliseconds of one, one after the other. */
async function perTurn(turns: number, act: () => Promise<unknown>): Promise<number> {
  for (let warm = 0; warm < turns / 10; warm += 1) await act();
  const before = process.cpuUsage();
  for (let turn = 0; turn < turns; turn += 1) await act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / turns;
}
