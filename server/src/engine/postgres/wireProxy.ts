// For tests: a PostgreSQL server's front door that counts what clients ask, and that can lose an answer on the way:
// the statement is executed and committed, the client only sees its connection break.
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type WireProxy = {
  url: string;
  /** Messages by their type byte (P parse, B bind, E execute, Q simple query, S sync), over all connections. */
  sent: Map<string, number>;
  /** The answer to the next message that contains `text` never arrives, and the connection breaks instead. */
  loseAnswerTo(text: string): void;
  close(): Promise<void>;
};

const EXECUTE = "E";

export async function openWireProxy(serverUrl: string): Promise<WireProxy> {
  const sent = new Map<string, number>();
  const sockets = new Set<Socket>();
  let lost: string | undefined;
  const folder = mkdtempSync(join(tmpdir(), "wire-"));

  const server = createServer((client) => {
    const upstream = connectTo(serverUrl);
    let isStarted = false;
    let isLosing = false;
    let rest = Buffer.alloc(0);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
    }
    client.on("error", () => upstream.destroy());
    upstream.on("error", () => client.destroy());
    client.on("close", () => !isLosing && upstream.end());
    upstream.on("close", () => client.destroy());
    client.on("data", (chunk: Buffer) => {
      if (lost !== undefined && chunk.includes(lost)) {
        lost = undefined;
        isLosing = true;
      }
      rest = Buffer.concat([rest, chunk]);
      if (!isStarted && rest.length >= 4) {
        isStarted = true;
        rest = rest.subarray(rest.readInt32BE(0));
      }
      while (rest.length >= 5 && rest.length > rest.readInt32BE(1)) {
        const type = String.fromCharCode(rest[0] as number);
        sent.set(type, (sent.get(type) ?? 0) + 1);
        rest = rest.subarray(1 + rest.readInt32BE(1));
      }
      upstream.write(chunk);
    });
    upstream.on("data", (chunk: Buffer) => {
      // The server answers after its commit: whoever sees this break knows less than the server.
      if (isLosing) client.destroy();
      else client.write(chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(join(folder, ".s.PGSQL.5432"), resolve));

  const url = new URL(serverUrl);
  url.searchParams.set("host", folder);
  url.port = "5432";
  return {
    url: url.href,
    sent,
    loseAnswerTo(text) {
      lost = text;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function connectTo(serverUrl: string): Socket {
  const url = new URL(serverUrl);
  const port = Number(url.port || 5432);
  const host = url.searchParams.get("host");
  if (host?.startsWith("/")) return connect(join(host, `.s.PGSQL.${port}`));
  return connect(port, host ?? url.hostname);
}

/** Statements executed, whether prepared or not. */
export function statementsOf(proxy: WireProxy): number {
  return (proxy.sent.get(EXECUTE) ?? 0) + (proxy.sent.get("Q") ?? 0);
}
