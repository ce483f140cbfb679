// One connection that is made again when it breaks.
//   idle         run            -> connecting
//   connecting   connected      -> ready
//   connecting   fails          -> idle, and the next try waits (back-off); `run` throws `unavailable`
//   ready        error or end   -> idle; the query under way fails with what the client says
// Nothing is sent twice: what to do about a query that was under way is the caller's decision.
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { classifyDatabaseError } from "../../platform/db.ts";
import { connectError } from "./errors.ts";

export type Lane = {
  run(query: pg.QueryConfig | pg.QueryArrayConfig): Promise<pg.QueryResult>;
  connect(): Promise<void>;
  close(): Promise<void>;
};

type LaneOptions = {
  /** Run on each new connection before anything else. */
  setup: (client: pg.Client) => Promise<void>;
  onEnd?: () => void;
};

const BACKOFF_FIRST_MS = 50;
const BACKOFF_MAX_MS = 2_000;

export function openLane(config: pg.ClientConfig, options: LaneOptions): Lane {
  let ready: pg.Client | undefined;
  let connecting: Promise<pg.Client> | undefined;
  let backoffMs = 0;
  let isClosed = false;

  async function connected(): Promise<pg.Client> {
    if (ready) return ready;
    connecting ??= connect().finally(() => {
      connecting = undefined;
    });
    return connecting;
  }

  async function connect(): Promise<pg.Client> {
    if (backoffMs > 0) await delay(backoffMs);
    const client = new pg.Client(config);
    const drop = () => {
      if (ready === client) ready = undefined;
    };
    client.on("error", drop);
    client.on("end", () => {
      const wasReady = ready === client;
      drop();
      if (wasReady && !isClosed) options.onEnd?.();
    });
    try {
      if (isClosed) throw new Error("the store is closed");
      await client.connect();
      await options.setup(client);
    } catch (error) {
      backoffMs = Math.min(Math.max(backoffMs * 2, BACKOFF_FIRST_MS), BACKOFF_MAX_MS);
      void client.end().catch(() => {});
      throw connectError(error);
    }
    backoffMs = 0;
    ready = client;
    return client;
  }

  return {
    async connect() {
      await connected();
    },
    async run(query) {
      const client = await connected();
      try {
        return await client.query(query);
      } catch (error) {
        // After a FATAL, or anything but an answer of the server (a time limit of ours, a broken pipe), the connection
        // is not used again: a late answer would be taken for that of the next query.
        if (!(error instanceof pg.DatabaseError) || classifyDatabaseError(error) === "lost") {
          if (ready === client) ready = undefined;
          void client.end().catch(() => {});
        }
        throw error;
      }
    },
    async close() {
      isClosed = true;
      const client = ready ?? (await connecting?.catch(() => undefined));
      ready = undefined;
      await client?.end().catch(() => {});
    },
  };
}
