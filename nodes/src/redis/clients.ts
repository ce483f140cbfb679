// Open connections, kept for the next command to the same server and user. One that nobody used for ten seconds is
// closed; one that broke or whose command was given up is not used again.
import { createHash } from "node:crypto";
import type { createClient } from "redis";
import type { Reply } from "./commands.ts";
import { cancelled, connectionFailure, refusedByServer, tookTooLong } from "./failure.ts";
import type { Target } from "./target.ts";

type Client = ReturnType<typeof connectTo>;
type Entry = { client: Client; ready: Promise<unknown>; users: number; timer: NodeJS.Timeout | undefined };

const IDLE_MS = 10_000;
const CONNECT_WITHIN_MS = 10_000;
const clients = new Map<string, Entry>();

export type Sending = {
  target: Target;
  /** Where the connection goes; it was looked at by the rules, the host of the target is for its certificate. */
  address: string;
  ca: string | undefined;
  command: string[];
  timeoutSeconds: number;
  signal: AbortSignal;
};

/** Sends one command; throws ActivityError. */
export async function send({
  target,
  address,
  ca,
  command,
  timeoutSeconds,
  signal,
}: Sending): Promise<Reply> {
  const key = createHash("sha256")
    .update(JSON.stringify([target, address, ca ?? null]))
    .digest("hex");
  // Loaded with the first command: most workflows need none of it.
  const { createClient } = await import("redis");
  const entry = clients.get(key) ?? open(createClient, key, { target, address, ca });
  clearTimeout(entry.timer);
  entry.users += 1;
  let isSent = false;
  const stop = Promise.withResolvers<never>();
  stop.promise.catch(() => {});
  const abort = () => stop.reject(cancelled(isSent));
  const timer = setTimeout(() => stop.reject(tookTooLong(timeoutSeconds, isSent)), timeoutSeconds * 1000);
  signal.addEventListener("abort", abort, { once: true });
  let isGood = false;
  try {
    if (signal.aborted) throw cancelled(false);
    await Promise.race([entry.ready, stop.promise]);
    isSent = true;
    const reply = (await Promise.race([entry.client.sendCommand(command), stop.promise])) as unknown as Reply;
    isGood = true;
    return reply;
  } catch (error) {
    const thrown = error as Error & { code?: string };
    if (thrown.name === "ActivityError") throw thrown;
    if (isReplyOfServer(thrown)) {
      // Refused while connecting: signing in failed, and so it would for everybody who waits for this connection.
      isGood = isSent;
      throw refusedByServer(thrown.message);
    }
    throw connectionFailure(thrown, isSent);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
    entry.users -= 1;
    if (!isGood) forget(key, entry);
    else if (entry.users === 0) entry.timer = setTimeout(() => forget(key, entry), IDLE_MS).unref();
  }
}

/** Closes all connections; for shutting down, and for tests. */
export function closeClients(): void {
  for (const [key, entry] of [...clients]) forget(key, entry);
}

type Server = Pick<Sending, "target" | "address" | "ca">;
type Create = typeof createClient;

function open(create: Create, key: string, server: Server): Entry {
  const client = connectTo(create, server);
  // What was sent rejects by itself; a connection that breaks while nobody uses it concerns nobody.
  client.on("error", () => {});
  const ready = client.connect();
  ready.catch(() => {});
  const entry: Entry = { client, ready, users: 0, timer: undefined };
  clients.set(key, entry);
  return entry;
}

function forget(key: string, entry: Entry): void {
  if (clients.get(key) === entry) clients.delete(key);
  clearTimeout(entry.timer);
  // Commands of others on the same connection reject, and say that their outcome is unknown.
  if (entry.client.isOpen) entry.client.destroy();
}

function connectTo(create: Create, { target, address, ca }: Server) {
  const { host, port, user, password, database, isEncrypted } = target;
  const common = {
    host: address,
    port,
    connectTimeout: CONNECT_WITHIN_MS,
    // Whether another attempt is made is the workflow's decision.
    reconnectStrategy: false as const,
  };
  return create({
    RESP: 2,
    database,
    disableClientInfo: true,
    disableOfflineQueue: true,
    ...(user === undefined ? {} : { username: user }),
    ...(password === undefined ? {} : { password }),
    socket: isEncrypted
      ? {
          ...common,
          tls: true,
          ...(address === host ? {} : { servername: host }),
          ...(ca === undefined ? {} : { ca }),
        }
      : common,
  });
}

function isReplyOfServer(error: Error): boolean {
  for (let kind = Object.getPrototypeOf(error); kind !== null; kind = Object.getPrototypeOf(kind))
    if (kind.constructor?.name === "ErrorReply") return true;
  return false;
}
