// The connection of a Redis trigger. The address is read here and not by the driver, so that the rules for outbound
// traffic see the host.
import { createClient } from "redis";
import { wrongParameter } from "../../readConfig.ts";

export type RedisTarget = {
  host: string;
  port: number;
  isEncrypted: boolean;
  username: string | undefined;
  password: string | undefined;
  database: number;
};

export function redisTarget(text: string): RedisTarget {
  const url = URL.parse(text);
  if (!url || !/^rediss?:$/.test(url.protocol) || url.hostname === "")
    throw wrongParameter("connection", "must be an address such as redis://user:password@host:6379/0.");
  const database = url.pathname.length > 1 ? Number(url.pathname.slice(1)) : 0;
  if (!Number.isInteger(database) || database < 0)
    throw wrongParameter("connection", "names no database: its path must be a number such as /0.");
  const part = (given: string) => (given === "" ? undefined : decodeURIComponent(given));
  return {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? 6379 : Number(url.port),
    isEncrypted: url.protocol === "rediss:",
    username: part(url.username),
    password: part(url.password),
    database,
  };
}

/** Lives as long as one connection: who reconnects is the server, with its own patience. */
export function redisClient(target: RedisTarget, address: string) {
  const { host, port, isEncrypted, username, password, database } = target;
  const socket = { host: address, port, connectTimeout: 10_000, reconnectStrategy: false as const };
  const client = createClient({
    RESP: 2,
    socket: isEncrypted ? { ...socket, tls: true, servername: host } : { ...socket, tls: false },
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    database,
    disableOfflineQueue: true,
    pingInterval: 10_000,
  });
  client.on("error", () => {});
  return client;
}
