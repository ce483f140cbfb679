// The database of the services: a real PostgreSQL with the real schema, under virtual time. The world stands still while
// a statement runs; how long it takes, whether its answer arrives and who dies meanwhile follow from the seed.
//
//   autocommit   one connection: statements of everybody, one after the other
//   transaction  another connection: one transaction at a time; statements of others come in between its own, and try
//                again when they meet its locks
//
// The clock of the database is the world's: now() and clock_timestamp() are looked up in a schema that stands first.
//
// PostgreSQL promises no order where none is asked for, and what it gives depends on plans, hence on statistics that are
// gathered in the background when the machine has time: such answers are put into an order of their own here.
import { migrate } from "@auraos/server/migrations/migrate.ts";
import { type Transaction as Client, openPool, type Pool } from "@auraos/server/platform/db.ts";
import { freshDatabase } from "@auraos/server/testing/freshDatabase.ts";
import type { Random } from "../random.ts";
import type { Host } from "../world/host.ts";
import type { Timeline } from "../world/timeline.ts";

type Query = string | { text: string; values?: unknown[]; name?: string };
type Result = { rows: Record<string, unknown>[]; rowCount: number | null };

export type ServiceDatabase = {
  /** Everything of the last story goes. */
  reset(): Promise<void>;
  /** Of the world itself: no fault, no time. */
  admin(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  /** One after the other, on whichever connection. */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result>;
  clients: { auto: Client; engine: Client; api: Client };
  close(): Promise<void>;
};

const tables = `schedules, schedule_fires, schedule_calendars, events, event_streams, event_subscriptions, event_held,
  event_gates, sim.swept, event_dead, event_replays, event_happenings, tasks, task_executions, task_schedules, task_dependencies, pools,
  workflow_executions, open_executions, start_keys, waits, workflows, environments, organizations`;
/** A statement that meets a lock of a transaction waits in the world, not in the database: there it would wait for ever. */
const LOCK_TIMEOUT = "2ms";
/** Turns of the real event loop in which everything that follows from one moment has been asked for. */
const TURNS = 3;

export async function openServiceDatabase(): Promise<ServiceDatabase> {
  const hooks: (() => void | Promise<void>)[] = [];
  const { url } = await freshDatabase({ after: (hook) => void hooks.push(hook) }, migrate);
  const owner = openPool(url, { role: "auraos_owner", name: "simulation", max: 1 });
  const engines = openPool(url, { role: "auraos_engine", name: "simulation", max: 2 });
  const apis = openPool(url, { role: "auraos_api", name: "simulation", max: 1 });
  const admin = await owner.connect();
  await admin.query("SET ROLE NONE");
  await admin.query(`
    CREATE SCHEMA sim;
    GRANT USAGE ON SCHEMA sim TO PUBLIC;
    CREATE FUNCTION sim.now() RETURNS timestamptz LANGUAGE sql STABLE AS
      $$ SELECT pg_catalog.to_timestamp(pg_catalog.current_setting('sim.now')::float8 / 1000) $$;
    CREATE FUNCTION sim.clock_timestamp() RETURNS timestamptz LANGUAGE sql STABLE AS $$ SELECT sim.now() $$;
    CREATE TABLE sim.swept (LIKE public.events, swept_at timestamptz, is_needed boolean);
    CREATE FUNCTION sim.sweep() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
      INSERT INTO sim.swept SELECT OLD.*, sim.now(), EXISTS (SELECT 1 FROM public.event_streams s
          WHERE s.org_id = OLD.org_id AND s.routed < OLD.position)
        OR EXISTS (SELECT 1 FROM public.event_held h WHERE h.org_id = OLD.org_id AND h.position = OLD.position);
      RETURN OLD;
    END $$;
    CREATE TRIGGER swept BEFORE DELETE ON public.events FOR EACH ROW EXECUTE FUNCTION sim.sweep();
    DO $$ DECLARE c record; BEGIN
      FOR c IN SELECT table_name AS t, column_name AS n FROM information_schema.columns
        WHERE table_schema = 'public' AND column_default ~ '^(now|clock_timestamp)' LOOP
        EXECUTE format('ALTER TABLE public.%I ALTER %I SET DEFAULT sim.now()', c.t, c.n);
      END LOOP;
      -- Nobody works on the tables behind the back of the story.
      FOR c IN SELECT oid::regclass AS t FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP
        EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = false)', c.t);
      END LOOP; END $$`);
  const [auto, engine, api] = [await engines.connect(), await engines.connect(), await apis.connect()];
  for (const client of [auto, engine, api, admin]) {
    await client.query("SET search_path = sim, pg_catalog, public");
    await client.query("SELECT set_config('sim.now', '0', false)");
    // Of what is prepared, the plan is the same in the first story and in the hundredth.
    await client.query("SET plan_cache_mode = force_custom_plan");
  }
  for (const client of [auto, admin]) await client.query(`SET lock_timeout = '${LOCK_TIMEOUT}'`);
  let worked: Promise<unknown> = Promise.resolve();
  /** Whether an answer comes before or after what the same moment still does must not be a question of speed. */
  async function afterTheMoment(): Promise<void> {
    for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const mine = worked.then(afterTheMoment).then(work);
    worked = mine.catch(() => {});
    return mine;
  }
  return {
    clients: { auto, engine, api },
    inTurn,
    admin: (text, values) =>
      inTurn(async () => (await admin.query(text, values)).rows as Record<string, unknown>[]),
    async reset() {
      for (const client of [engine, api]) await client.query("ROLLBACK").catch(() => {});
      await admin.query(`TRUNCATE ${tables} CASCADE; UPDATE engine_lease SET epoch = 0 WHERE id = 1`);
    },
    async close() {
      for (const client of [auto, engine, api, admin]) client.release();
      await Promise.all([owner.end(), engines.end(), apis.end()]);
      for (let hook = hooks.shift(); hook !== undefined; hook = hooks.shift()) await hook();
    },
  };
}

export type WireFaults = {
  latencyMs: number;
  /** Shares of statements. */
  slow: number;
  lostBefore: number;
  lostAfter: number;
  crash: number;
  outages: [fromMs: number, toMs: number][];
};

export type Wire = {
  /** `isCalm`: of people, who meet no fault of the wire. */
  pool(host: Host, role: "engine" | "api", isCalm?: boolean): Pool;
  statements(): number;
};

const SLOW_MS = 1_500;
const LOCKED_MS = 2;
const lost = (): Error => Object.assign(new Error("the connection was lost"), { code: "ECONNRESET" });
const readsTheClock = /\bnow\(\)|clock_timestamp\(\)|\b(INSERT|DELETE)\b/i;
const ordered = new Map<string, boolean>();

/** Whether a statement says the order of its rows; what stands in brackets says that of others. */
function hasOrder(text: string): boolean {
  const known = ordered.get(text);
  if (known !== undefined) return known;
  let outer = text;
  for (let inner = ""; inner !== outer; ) [inner, outer] = [outer, outer.replace(/\([^()]*\)/g, "")];
  const has = /\bORDER BY\b/i.test(outer);
  ordered.set(text, has);
  return has;
}

function inOrder(rows: Record<string, unknown>[]): Record<string, unknown>[] {
  const keyed = rows.map((row) => ({ row, key: JSON.stringify(row) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key))).map(({ row }) => row);
}

/** What hosts see of the database. `crash` ends a host at this moment. */
export function createWire(parts: {
  database: ServiceDatabase;
  timeline: Timeline;
  random: Random;
  faults: WireFaults;
  wallMs: () => number;
  crash: (host: Host) => void;
  /** A statement with a name has been committed. */
  onStatement: (name: string, values: readonly unknown[], rows: readonly Record<string, unknown>[]) => void;
}): Wire {
  const { database, timeline, random, faults, wallMs } = parts;
  const waiting: (() => void)[] = [];
  let isTaken = false;
  let statements = 0;
  let [stampedMs, tick] = [0, 0];

  /** Microseconds apart, as on a real clock: marks of rows are told apart by them. */
  function stamp(): number {
    const now = wallMs();
    tick = now === stampedMs ? tick + 1 : 0;
    stampedMs = now;
    return now + Math.min(tick, 999) / 1000;
  }

  function run(client: Client, query: Query, values: unknown[] | undefined): Promise<Result> {
    statements += 1;
    const text = typeof query === "string" ? query : query.text;
    const work = database.inTurn(async () => {
      if (readsTheClock.test(text))
        await client.query({
          name: "sim-now",
          text: "SELECT set_config('sim.now', $1, false)",
          values: [String(stamp())],
        });
      const result = (await (typeof query === "string"
        ? client.query(query, values)
        : client.query({ ...query, values: values ?? query.values ?? [] }))) as Result;
      return result.rows.length < 2 || hasOrder(text) ? result : { ...result, rows: inOrder(result.rows) };
    });
    timeline.hold(work.catch(() => {}));
    return work;
  }

  const delay = (): number =>
    random.chance(faults.slow) ? random.between(200, SLOW_MS) : random.int(faults.latencyMs + 1);
  const isAway = (): boolean =>
    faults.outages.some(([from, to]) => timeline.now() >= from && timeline.now() < to);

  /** One statement on its way there and back. What is under way when its connection ends gets nowhere. */
  function send(
    to: { host: Host; client: Client; isCalm: boolean; isClosed?: () => boolean },
    query: Query,
    values?: unknown[],
  ): Promise<Result> {
    const { host, client } = to;
    const chance = (share: number): boolean => !to.isCalm && random.chance(share);
    return new Promise((resolve, reject) => {
      if (!host.isAlive) return;
      if (chance(faults.crash)) return parts.crash(host);
      const back = (act: () => void): void => void host.arrive(delay(), act);
      const arrive = (): void => {
        if (to.isClosed?.()) return;
        if (!to.isCalm && (isAway() || chance(faults.lostBefore))) return back(() => reject(lost()));
        const work = run(client, query, values);
        work.then(
          (result) => {
            if (typeof query !== "string" && query.name !== undefined)
              parts.onStatement(query.name, values ?? query.values ?? [], result.rows);
            if (chance(faults.crash)) return parts.crash(host);
            if (chance(faults.lostAfter)) return back(() => reject(lost()));
            back(() => resolve(result));
          },
          (error: { code?: string }) => {
            if (error.code === "55P03") timeline.after(LOCKED_MS, arrive);
            else back(() => reject(error as Error));
          },
        );
      };
      timeline.after(delay(), arrive);
    });
  }

  /** Whoever comes next gets the connection for transactions. */
  function takeTurn(host: Host): Promise<void> {
    return new Promise((resolve) => {
      const begin = (): void => {
        if (!host.isAlive) return endTurn();
        resolve();
      };
      if (isTaken) waiting.push(begin);
      else {
        isTaken = true;
        begin();
      }
    });
  }

  function endTurn(): void {
    const next = waiting.shift();
    if (next === undefined) isTaken = false;
    else next();
  }

  async function connect(to: { host: Host; client: Client; isCalm: boolean }) {
    const { host, client } = to;
    await takeTurn(host);
    let isOver = false;
    let isBroken = false;
    let isSettled = false;
    const finish = (): void => {
      if (isOver) return;
      isOver = true;
      // What it had begun and not committed is undone, whoever it was: also when the commit was on its way.
      if (isSettled) endTurn();
      else run(client, "ROLLBACK", undefined).then(endTurn, endTurn);
    };
    const watch = (): void => {
      if (isOver) return;
      if (host.isAlive) timeline.after(50, watch);
      else finish();
    };
    watch();
    return {
      query: async (query: Query, values?: unknown[]) => {
        if (isBroken) throw lost();
        try {
          const result = await send({ ...to, isClosed: () => isOver }, query, values);
          isSettled = query === "COMMIT" || query === "ROLLBACK";
          return result;
        } catch (error) {
          // A lost answer breaks the connection: what was not committed is gone.
          if ((error as { code?: string }).code === "ECONNRESET") isBroken = true;
          throw error;
        }
      },
      release: finish,
    };
  }

  return {
    statements: () => statements,
    pool: (host, role, isCalm = false) =>
      ({
        query: (query: Query, values?: unknown[]) =>
          send({ host, isCalm, client: database.clients.auto }, query, values),
        connect: () =>
          connect({ host, isCalm, client: role === "api" ? database.clients.api : database.clients.engine }),
      }) as unknown as Pool,
  };
}
