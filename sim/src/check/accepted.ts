// What clients were told is in the durable history for ever: starts, signals, answers, rows of the inbox; and a start
// key stands for one execution.
import type { Evidence } from "./all.ts";

export function checkAccepted(evidence: Evidence): void {
  checkStarts(evidence);
  checkAnswers(evidence);
  checkInbox(evidence);
}

function checkStarts({ clients, history, verdict, requests }: Evidence): void {
  for (const [tag, ids] of clients.memory.started)
    for (const id of ids)
      if (!history.executions.has(id))
        verdict.lost("start-lost", `${tag} was accepted as ${id}, which is not there`);
  const byCause = new Map<string, string[]>();
  for (const record of history.executions.values()) {
    if (record.start.parentId !== null || record.start.originId !== null) continue;
    const cause = record.start.cause ?? "";
    byCause.set(cause, [...(byCause.get(cause) ?? []), record.id]);
  }
  for (const request of requests) {
    const own = byCause.get(request.tag) ?? [];
    const others = byCause.get(`${request.tag}!`) ?? [];
    if (request.key !== null && !request.byInbox && own.length + others.length > 1)
      verdict.duplicated(
        "key-twice",
        `${request.tag} with one key became ${[...own, ...others].join(" and ")}`,
      );
    if (request.byInbox && own.length > 1)
      verdict.duplicated("row-twice", `${request.tag}, one row of the inbox, became ${own.join(" and ")}`);
  }
}

function checkAnswers({ clients, history, verdict }: Evidence): void {
  const answered = new Set<string>();
  for (const { executionId, wait } of clients.memory.answers) {
    const name = `${executionId} ${wait}`;
    if (answered.has(name)) verdict.duplicated("answered-twice", `two answers to ${name} were accepted`);
    answered.add(name);
    const facts = history.executions.get(executionId)?.turns.flatMap((turn) => turn.facts) ?? [];
    if (!facts.some((fact) => fact.t === "WaitClosed" && fact.wait === wait && fact.by === "answer"))
      verdict.lost("answer-lost", `an accepted answer to ${name} is not in its history`);
  }
  for (const { executionId, id } of clients.memory.signals) {
    const record = history.executions.get(executionId);
    if (!record?.signals.has(id) && !record?.end && !record?.isParked)
      verdict.lost("signal-lost", `accepted signal ${id} of ${executionId} is not in its history`);
  }
}

/** A row leaves the inbox only in the flush that journals what it asked for. */
function checkInbox({ clients, history, database, verdict, how }: Evidence): void {
  for (const [row, { executionId, tag }] of clients.memory.rows) {
    if (database.store.tables.inbox.has(row)) {
      if (how !== "over") verdict.lost("row-stuck", `row ${row} of ${executionId} is never taken`);
    } else if (tag !== "" && !history.executions.has(executionId))
      verdict.lost("row-lost", `row ${row} was taken, and execution ${executionId} was not started`);
  }
}
