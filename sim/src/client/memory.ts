// What clients were told. Each answer is compared with the durable history at the moment it is given (an answer before
// its commit is a lie that a crash reveals) and again at the end.
import type { Event } from "@auraos/kernel";
import type { DeliverResult, Settled, StartResult } from "@auraos/server/engine/engine.types.ts";
import type { Database } from "../world/database.ts";
import { type ExecutionRecord, type History, parkedName } from "../world/history.ts";
import type { Verdict } from "../world/verdict.ts";
import type { Request } from "./clients.ts";

export type Memory = {
  /** Acknowledged starts: tag of the request -> execution ids. */
  started: Map<string, Set<string>>;
  keyOf: Map<string, string>;
  signals: { executionId: string; id: string; name: string }[];
  answers: { executionId: string; wait: string }[];
  cancels: Set<string>;
  /** Rows put into the inbox. */
  rows: Map<string, { executionId: string; tag: string }>;
  settled(verdict: Verdict, history: History, executionId: string, settled: Settled): void;
};

type Truth = { history: History; verdict: Verdict };

export function newMemory(): Memory {
  return {
    started: new Map(),
    keyOf: new Map(),
    signals: [],
    answers: [],
    cancels: new Set(),
    rows: new Map(),
    settled: (verdict, history, executionId, settled) => {
      if (settled.kind === "open") return;
      const record = history.executions.get(executionId);
      const told = JSON.stringify(plain(settled));
      const truth = settled.kind === "replied" ? record?.reply : record?.end;
      if (!truth)
        return verdict.lost(
          "answer-before-commit",
          `${executionId} was answered ${told} before it was durable`,
        );
      if (JSON.stringify(plain(truth)) !== told)
        verdict.illegal(
          "wrong-answer",
          `${executionId} was answered ${told}, its history says ${JSON.stringify(plain(truth))}`,
        );
      if (settled.kind === "finished" && record?.reply)
        verdict.illegal(
          "reply-forgotten",
          `${executionId} was answered with its end although it had replied`,
        );
    },
  };
}

function plain(value: object): object {
  const { status, output, body, headers, failure } = value as Record<string, unknown>;
  return { status, output, body, headers, failure };
}

export function answerStart(
  memory: Memory,
  { history, verdict, database }: Truth & { database: Database },
  asked: Request,
  hash: string,
  result: StartResult,
): void {
  if (result.kind === "refused") return;
  const { executionId } = result;
  const isDurable = history.executions.has(executionId) || isInInbox(database, executionId);
  if (!isDurable)
    verdict.lost("start-before-commit", `the start of ${executionId} was acknowledged before it was durable`);
  if (result.kind === "keyReused") {
    if (hash === "same" && history.executions.get(executionId)?.start.cause === asked.tag)
      verdict.illegal("key-refused", `${asked.tag} was told that its own key belongs to another request`);
    return;
  }
  const tag = hash === "same" ? asked.tag : `${asked.tag}!`;
  const ids = memory.started.get(tag) ?? new Set();
  memory.started.set(tag, ids.add(executionId));
  if (asked.key === null) return;
  const known = memory.keyOf.get(asked.key);
  if (known !== undefined && known !== executionId)
    verdict.duplicated("key-twice", `key ${asked.key} gave ${known} and then ${executionId}`);
  memory.keyOf.set(asked.key, executionId);
}

function isInInbox(database: Database, executionId: string, signal?: string): boolean {
  for (const row of database.store.tables.inbox.values())
    if (
      row.executionId === executionId &&
      (signal === undefined || row.dedupeKey === `${executionId} ${signal}`)
    )
      return true;
  return false;
}

export function answerWait(
  memory: Memory,
  { history, database, verdict }: Truth & { database: Database },
  executionId: string,
  event: Event,
  result: DeliverResult,
): void {
  const record = history.executions.get(executionId);
  if (result.kind === "refused") {
    if (isStale(record, event, result.code))
      verdict.illegal(
        "stale-refusal",
        `${executionId} refused ${event.type} as ${result.code}, which its history does not say`,
      );
    return;
  }
  const missing = (what: string): void =>
    verdict.lost("event-before-commit", `${what} of ${executionId} was accepted before it was durable`);
  switch (event.type) {
    case "SignalReceived":
      // One that still waits for its place has it in the inbox.
      if (!record?.signals.has(event.id) && !isInInbox(database, executionId, event.id))
        missing(`signal ${event.id}`);
      memory.signals.push({ executionId, id: event.id, name: event.name });
      return;
    case "WaitAnswered":
      memory.answers.push({ executionId, wait: event.wait });
      return;
    case "CancelRequested":
      if (!record?.kinds.has("CancelRequested")) missing("cancel");
      return;
    case "PauseRequested":
      if (!record?.kinds.has("Paused")) missing("pause");
      return;
    case "TerminateRequested":
      if (!record?.end) missing("terminate");
  }
}

/** A refusal is an answer too: it may say nothing that the durable history does not say. */
export function isStale(record: ExecutionRecord | undefined, event: Event, code: string): boolean {
  if (record === undefined || record.isParked) return false;
  if (code === "CLOSED") return record.end === null;
  if (code === "UNKNOWN_EXECUTION") return true;
  if (event.type === "ParkResolved") {
    const attempt = record.setAside.get(parkedName(event.run, event.item));
    return record.end === null && attempt !== undefined && (event.attempt ?? attempt) === attempt;
  }
  if (event.type !== "WaitAnswered" || record.end !== null) return false;
  const wait = record.waits.get(event.wait);
  return code === "WAIT_CLOSED" ? wait?.isClosed !== true : wait !== undefined;
}
