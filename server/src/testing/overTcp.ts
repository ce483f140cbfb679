// A database of a test over TCP, which may listen on a socket file only; and it can be out of reach for a while.
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import type { Scope } from "./freshDatabase.ts";

export type OverTcp = {
  /** Without encryption. */
  url: string;
  /** Every connection breaks, and nobody gets a new one until `open`. */
  cut(): void;
  open(): void;
};

export async function overTcp(scope: Scope, databaseUrl: string): Promise<OverTcp> {
  const given = new URL(databaseUrl);
  const folder = given.searchParams.get("host");
  const port = Number(given.port || given.searchParams.get("port") || 5432);
  const sockets = new Set<Socket>();
  let isCut = false;
  const bridge = createServer((socket) => {
    if (isCut) return void socket.destroy();
    const inner =
      folder === null
        ? connect(port, given.hostname)
        : connect(`${decodeURIComponent(folder)}/.s.PGSQL.${port}`);
    for (const end of [socket, inner]) {
      sockets.add(end);
      end.on("error", () => {});
      end.on("close", () => sockets.delete(end));
    }
    socket.on("close", () => inner.destroy()).pipe(inner);
    inner.on("close", () => socket.destroy()).pipe(socket);
  });
  await new Promise<void>((resolve) => bridge.listen(0, "127.0.0.1", resolve));
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  scope.after(() => {
    cut();
    bridge.close();
  });
  const { username, password, pathname } = given;
  const name = `${username || "postgres"}:${password || "none"}`;
  return {
    url: `postgresql://${name}@127.0.0.1:${(bridge.address() as AddressInfo).port}${pathname}`,
    cut,
    open: () => {
      isCut = false;
    },
  };
}
