// Projections and rows as the API shows them.
import type { Execution, ExecutionSummary, NodeRunView } from "@auraos/contract";
import type { Failure, Item, Json } from "@auraos/kernel";
import type { Attempt, Projection, RunRecord } from "./project.ts";
import type { ExecutionRow } from "./store.ts";

type ItemRunView = { index: number; attempts: AttemptView[] };
type AttemptView = {
  attempt: number;
  status: Attempt["status"];
  at: string;
  endedAt: string | null;
  retryAt?: string;
  failure?: Failure;
  logs?: string[];
};

type Span = NonNullable<NodeRunView["spans"]>[number];
const SPANS_MAX = 60;

export function executionSummary(row: ExecutionRow): ExecutionSummary {
  return {
    id: row.id,
    workflowId: row.workflowId,
    workflowName: row.workflowName,
    versionId: row.versionId,
    version: row.version,
    status: row.status,
    mode: row.mode,
    trigger: row.trigger,
    parentId: row.parentId,
    originId: row.originId,
    startedAt: row.startedAt.toISOString(),
    completedAt: row.completedAt?.toISOString() ?? null,
    durationMs:
      row.durationMs ?? (row.completedAt ? row.completedAt.getTime() - row.startedAt.getTime() : null),
    error: row.errorCode === null ? null : { code: row.errorCode, message: row.errorMessage ?? "" },
  };
}

export function runView(projection: Projection, record: RunRecord): NodeRunView {
  const node = projection.program.nodes.get(record.node);
  const durationMs = record.endedMs === null ? null : record.endedMs - record.startedMs;
  return {
    run: record.run,
    node: record.node,
    name: node?.name ?? record.node,
    type: node?.type.type ?? "unknown",
    status: record.status,
    ...(record.why === undefined ? {} : { why: record.why }),
    startedAt: iso(record.startedMs),
    endedAt: record.endedMs === null ? null : iso(record.endedMs),
    durationMs,
    itemsIn: record.kept === true ? null : record.input.reduce((sum, list) => sum + list.length, 0),
    itemsOut: Object.fromEntries(Object.entries(record.outputs).map(([port, items]) => [port, items.length])),
    ...(record.itemsTotal === undefined
      ? {}
      : { itemsTotal: record.itemsTotal, itemsDone: record.itemsDone }),
    attempts: record.attemptCount,
    ...(record.steps === undefined ? {} : { steps: record.steps }),
    ...(record.usage === undefined ? {} : { usage: record.usage }),
    ...(record.logLines === undefined ? {} : { logLines: record.logLines }),
    ...spansOf(record),
    ...(record.failure === undefined ? {} : { failure: record.failure }),
    ...(record.handled === undefined ? {} : { handled: record.handled }),
    ...(record.kept === true ? { kept: true } : {}),
  };
}

/** Of items that ran at the same time too: bars may lie over each other. */
function spansOf(record: RunRecord): Pick<NodeRunView, "spans"> {
  const attempts = [...record.attempts.values()].flat();
  if (attempts.length < 2 && record.waits.length === 0) return {};
  const spans = [
    ...attempts.flatMap(attemptSpans),
    ...record.waits.map(({ atMs, endedMs }) => spanOf("wait", atMs, endedMs ?? record.endedMs)),
  ];
  return { spans: spans.sort((a, b) => a.at.localeCompare(b.at)).slice(0, SPANS_MAX) };
}

function attemptSpans(attempt: Attempt): Span[] {
  const { status, atMs, endedMs, retryAtMs } = attempt;
  const hasFailed = status === "failed" || status === "retrying";
  const tried = spanOf(hasFailed ? "failed" : "attempt", atMs, endedMs);
  return endedMs === null || retryAtMs === undefined
    ? [tried]
    : [tried, spanOf("backoff", endedMs, retryAtMs)];
}

function spanOf(kind: Span["kind"], atMs: number, endedMs: number | null): Span {
  return { kind, at: iso(atMs), endedAt: endedMs === null ? null : iso(endedMs) };
}

export function itemRunView(index: number, attempts: readonly Attempt[]): ItemRunView {
  return { index, attempts: attempts.map(attemptView) };
}

function attemptView(attempt: Attempt): AttemptView {
  return {
    attempt: attempt.attempt,
    status: attempt.status,
    at: iso(attempt.atMs),
    endedAt: attempt.endedMs === null ? null : iso(attempt.endedMs),
    ...(attempt.retryAtMs === undefined ? {} : { retryAt: iso(attempt.retryAtMs) }),
    ...(attempt.failure === undefined ? {} : { failure: attempt.failure }),
    ...(attempt.logs === undefined ? {} : { logs: attempt.logs }),
  };
}

/** Where a wait is answered by whoever has the address: a form on its page alone, where it is checked. */
export type WaitAddresses = { resume: (wait: string) => string; form: (wait: string) => string };

export function waitViews(projection: Projection, urls: WaitAddresses): Execution["waits"] {
  return Object.entries(projection.state.waits).map(([wait, open]) => ({
    wait,
    run: open.run,
    kind: open.kind,
    openedAt: iso(open.openedAt),
    until: open.at === undefined ? null : iso(open.at),
    ...(open.signal === undefined ? {} : { signal: open.signal }),
    ...(open.title === undefined ? {} : { title: open.title }),
    ...(open.message === undefined ? {} : { message: open.message }),
    ...(open.form === undefined ? {} : { form: open.form }),
    ...(open.assignees === undefined ? {} : { assignees: open.assignees }),
    ...addressOf(wait, open, urls),
  }));
}

export function addressOf(
  wait: string,
  { kind, form }: { kind: string; form?: Json | undefined },
  urls: WaitAddresses,
): { resumeUrl?: string; formUrl?: string } {
  if (kind === "webhook" && form !== undefined && form !== null) return { formUrl: urls.form(wait) };
  return kind === "approval" || kind === "webhook" ? { resumeUrl: urls.resume(wait) } : {};
}

export function parkedViews(projection: Projection): Execution["parked"] {
  return Object.values(projection.state.parked).map((parked) => ({
    run: parked.run,
    ...(parked.item === undefined ? {} : { item: parked.item }),
    attempt: parked.attempt,
    at: iso(parked.at),
    failure: parked.failure,
  }));
}

/** One item at a time, so that a page of a long list costs a page. */
export function itemAt(lists: readonly (readonly Item[])[], index: number): Item | undefined {
  let left = index;
  for (const list of lists) {
    if (left < list.length) return list[left];
    left -= list.length;
  }
  return undefined;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
