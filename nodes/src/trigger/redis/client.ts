// The connection of a Redis trigger: it lives as long as one attempt to listen. Who connects again is the server, with
// its own patience.
import type { Target } from "../../redis/target.ts";

export type RedisClient = Awaited<ReturnType<typeof redisClient>>;

/** `address` is where it connects; the host of the target is for the certificate. */
export async function redisClient(target: Target, address: string, ca?: string) {
  // Loaded with the first trigger: most servers have none.
  const { createClient } = await import("redis");
  const { host, port, isEncrypted, user, password, database } = target;
  const socket = { host: address, port, connectTimeout: 10_000, reconnectStrategy: false as const };
  const client = createClient({
    RESP: 2,
    socket: isEncrypted
      ? { ...socket, tls: true, servername: host, ...(ca === undefined ? {} : { ca }) }
      : { ...socket, tls: false },
    ...(user === undefined ? {} : { username: user }),
    ...(password === undefined ? {} : { password }),
    database,
    disableOfflineQueue: true,
    pingInterval: 10_000,
  });
  client.on("error", () => {});
  return client;
}
