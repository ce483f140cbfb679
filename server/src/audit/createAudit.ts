// Writes the audit log: what the same moment brings goes into one statement per organization. A change is answered once
// its entry is durable. What the database does not take is kept in the journal, tried again, and written at the latest
// by the next start.
import type { AuditChange, AuditKind } from "@auraos/contract";
import { createBatches } from "../platform/batches.ts";
import { type Pool, type Transaction, withTenant } from "../platform/db.ts";
import type { Log } from "../platform/log.ts";
import { createRepeats } from "./createRepeats.ts";
import type { AuditJournal, Draft } from "./journal.ts";
import { append, hasEntry } from "./store.ts";

export type AuditFact = {
  /** Those whose business it is: of a sign-in, every organization of the person. */
  orgIds: readonly string[];
  kind: AuditKind;
  actor: string;
  userId: string | null;
  via: string;
  role: string;
  address: string | null;
  action: string;
  what: string;
  object: string | null;
  name: string | null;
  fields: readonly string[];
  changes: readonly AuditChange[] | null;
  outcome: "done" | "denied" | "unknown";
  code: string | null;
  count?: number;
  requestId: string;
};

/** Seals what is personal in an entry under the key of the person: it goes with that key, and the chain stays whole. */
export type Seal = (tx: Transaction, orgId: string, subject: string, text: string) => Promise<string>;

/** An entry on its way; what is personal is sealed when there is a transaction. */
type Item = {
  orgId: string;
  entry: Record<string, unknown>;
  personal: { subject: string; text: string } | undefined;
};

export type Audit = {
  note(fact: AuditFact): Promise<void>;
  /** Of the same `key` within a minute the first is written at once and the others as one with their number. */
  noteRepeated(key: string, fact: AuditFact): void;
  /** Before something is done; `note` of the same requestId settles it, as does `forget`. */
  begin(fact: AuditFact): void;
  forget(requestId: string): void;
  /** Called with everything that is noted. */
  onNote(listener: (fact: AuditFact, atMs: number) => void): void;
  /** Writes what the process before this one left behind. */
  recover(): Promise<number>;
  stop(): Promise<void>;
};

const RETRY_MS = 5_000;

export function createAudit(options: {
  pool: Pool;
  nowMs: () => number;
  log: Log;
  journal: AuditJournal;
  seal: Seal;
  /** The log of this organization has new entries, and they can be read. */
  onWritten?: (orgId: string) => void;
}): Audit {
  const { pool, nowMs, log, journal, seal, onWritten } = options;
  const writing = createBatches(write, { max: 500 });
  const listeners: ((fact: AuditFact, atMs: number) => void)[] = [];
  const repeats = createRepeats<AuditFact>((fact, count) => void note({ ...fact, count }));
  const waiting = new Map<string, readonly Item[]>();
  const under = new Set<Promise<void>>();
  let retrying: NodeJS.Timeout | undefined;
  return {
    note,
    noteRepeated: (key, fact) => repeats.put(key, fact),
    begin: (fact) => {
      const items = itemsOf({ ...fact, outcome: "unknown" }, nowMs());
      journal.put(fact.requestId, items.map(draftOf), false);
    },
    forget: (requestId) => journal.settle(requestId),
    onNote: (listener) => void listeners.push(listener),
    recover,
    async stop() {
      repeats.stop();
      clearTimeout(retrying);
      await Promise.all(under);
      if (waiting.size > 0) await retry();
      clearTimeout(retrying);
      journal.close();
    },
  };

  function note(fact: AuditFact): Promise<void> {
    const atMs = nowMs();
    for (const tell of listeners) tell(fact, atMs);
    const work = keep(fact, atMs).finally(() => under.delete(work));
    under.add(work);
    return work;
  }

  function keep(fact: AuditFact, atMs: number): Promise<void> {
    return put(fact.requestId, itemsOf(fact, atMs));
  }

  async function put(id: string, items: readonly Item[]): Promise<void> {
    try {
      await Promise.all(items.map((item) => writing.put(item)));
      journal.settle(id);
    } catch (error) {
      log("error", "an audit entry could not be written; it is kept and tried again", { id, error });
      journal.put(id, items.map(draftOf), true);
      // Without what is personal: if sealing it was the trouble, the act is still written.
      waiting.set(
        id,
        items.map((item) => ({ ...item, personal: undefined })),
      );
      retrying ??= setTimeout(() => void retry(), RETRY_MS).unref();
    }
  }

  async function retry(): Promise<void> {
    retrying = undefined;
    for (const [id, items] of [...waiting]) {
      waiting.delete(id);
      await put(id, await missing(id, items));
    }
  }

  async function recover(): Promise<number> {
    for (const { id, drafts } of journal.left) {
      const items = drafts.map(({ orgId, entry }) => ({
        ...{ orgId, entry: JSON.parse(entry) as Item["entry"], personal: undefined },
      }));
      await put(id, await missing(id, items));
    }
    return journal.left.length;
  }

  /** Without those that arrived although nobody heard of it. When that cannot be asked, twice is better than never. */
  async function missing(id: string, items: readonly Item[]): Promise<Item[]> {
    const left: Item[] = [];
    for (const item of items) {
      const isThere = await withTenant(pool, item.orgId, (tx) => hasEntry(tx, item.orgId, id)).catch(
        () => false,
      );
      if (!isThere) left.push(item);
    }
    return left;
  }

  async function write(items: readonly Item[]): Promise<void> {
    const byOrg = Map.groupBy(items, ({ orgId }) => orgId);
    for (const [orgId, some] of byOrg) {
      await withTenant(pool, orgId, async (tx) => {
        const entries: string[] = [];
        for (const { entry, personal } of some) {
          const sealed = personal && { sealed: await seal(tx, orgId, personal.subject, personal.text) };
          entries.push(JSON.stringify({ ...entry, ...sealed }));
        }
        await append(tx, entries);
      });
      onWritten?.(orgId);
    }
  }
}

/** In the clear stands of a person no more than the id. */
function itemsOf(fact: AuditFact, atMs: number): Item[] {
  const { orgIds, ...rest } = fact;
  const subject = fact.actor.startsWith("user:") ? fact.actor.slice("user:".length) : undefined;
  const entry = {
    at: new Date(atMs).toISOString(),
    ...rest,
    ...(subject === undefined ? {} : { actor: `user:${fact.userId ?? "unknown"}`, address: null }),
  };
  const personal =
    subject === undefined
      ? undefined
      : { subject, text: JSON.stringify({ actor: fact.actor, address: fact.address }) };
  return [...new Set(orgIds)].map((orgId) => ({ orgId, entry, personal }));
}

function draftOf({ orgId, entry }: Item): Draft {
  return { orgId, entry: JSON.stringify(entry) };
}
