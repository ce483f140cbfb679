// The words of the data map: what stands in a column, whether it may tell something about a person, and what becomes of it.

/**
 * technical  ids, times, states, counters: says nothing about a person
 * content    what work carries: may hold anything; rewritten when a person is erased
 * setup      what people set up: searched and reported, changed by people only
 * actor      who did it: an id, or a name that is rewritten
 * person     identity of a person: goes with the account
 * secret     hashes and wrapped keys: nothing can be read from it
 * sealed     ciphertext
 */
export type ColumnKind = "technical" | "content" | "setup" | "actor" | "person" | "secret" | "sealed";

export type DataClass =
  | "execution"
  | "payload"
  | "event"
  | "task"
  | "schedule"
  | "workflow"
  | "table"
  | "connection"
  | "identity"
  | "audit"
  | "alert"
  | "statistics"
  | "protection"
  | "operation";

/** What decides how long rows stay: a retention class, or the end of what they belong to. */
export type Keeping =
  | "executions"
  | "payloads"
  | "events"
  | "taskRuns"
  | "scheduleFires"
  | "alerts"
  | "sessions"
  | "invitations"
  | "statistics"
  | "audit"
  | "reveals"
  | "startKeys"
  /** Until somebody deletes it, or the organization ends. */
  | "deleted"
  | "account"
  | "handled"
  | "server";

export type TableEntry = {
  class: DataClass;
  purpose: string;
  keeping: Keeping;
  columns: Readonly<Record<string, ColumnKind>>;
  /** Sealed with the organization's payload key, where the server seals payloads. */
  payloadKey?: readonly string[];
  /** Columns of content that must stay different from each other. */
  unique?: readonly string[];
};

type Groups = Partial<Record<ColumnKind, string>>;

/** Columns by kind, as words: `{ technical: "id org_id at", content: "body" }`. */
export function entry(about: Omit<TableEntry, "columns">, groups: Groups): TableEntry {
  const columns: Record<string, ColumnKind> = {};
  for (const [kind, names] of Object.entries(groups) as [ColumnKind, string][])
    for (const name of names.split(/\s+/)) {
      if (columns[name] !== undefined) throw new Error(`${name} stands in the data map twice`);
      columns[name] = kind;
    }
  return { ...about, columns };
}
