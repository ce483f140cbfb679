// Routes of executions.
import { endpoints, executionStatus } from "@auraos/contract";
import type { Json } from "@auraos/kernel";
import type { Deps } from "../deps.ts";
import { withTenant } from "../platform/db.ts";
import { refuse } from "../platform/errors.ts";
import { type Caller, type Route, route } from "../platform/http.ts";
import { cursorOf, pageOf, placeAfter } from "../platform/page.ts";
import { answerWait, control, ownExecution } from "./controlExecution.ts";
import { executeWorkflow } from "./executeWorkflow.ts";
import { firstIdAt, startedMsOf } from "./executionTime.ts";
import { findable, hidden, hiddenRow, hidesOf } from "./hiddenFields.ts";
import { dataOpener, openTurns } from "./openBodies.ts";
import { projectionOf } from "./projections.ts";
import { rerunExecution, retryExecution } from "./rerunExecution.ts";
import {
  addressesOf,
  showAttempts,
  showData,
  showExecution,
  showInput,
  showOutput,
} from "./showExecution.ts";
import { listExecutions, listOpenWaits, listTurns, searchExecutions } from "./store.ts";
import { addressOf, executionSummary, runView } from "./view.ts";
import { withinBytes } from "./withinBytes.ts";

export function executionRoutes(deps: Deps): Route[] {
  return [...readRoutes(deps), ...controlRoutes(deps)];
}

/** First in the router: the hot path. */
export function executeRoute(deps: Deps): Route {
  return route(endpoints.executeWorkflow, async ({ params, query, body, bytes, caller, header, signal }) => {
    const { isOpen, ...json } = await executeWorkflow(deps, caller, {
      workflow: params.id,
      input: body,
      bytes,
      key: header("idempotency-key"),
      waitSeconds: query.wait,
      useDraft: query.draft === true,
      target: query.target,
      trigger: query.trigger,
      signal: query.wait === undefined ? undefined : signal(),
    });
    const shown = isOpen ? json : await hidden(deps, caller, { executionId: json.id }, json);
    return { status: isOpen ? 202 : 200, json: shown, headers: { location: json.url } };
  });
}

function readRoutes(deps: Deps): Route[] {
  return [
    route(endpoints.listExecutions, async ({ query, caller }) => {
      const after = placeAfter(query.after);
      const before = query.to === undefined ? null : firstIdAt(Date.parse(query.to));
      const { orgId } = caller;
      const search = query.search?.trim() || null;
      const asked = {
        orgId,
        workflow: query.workflow ?? null,
        statuses: statusesOf(query.status),
        mode: query.mode ?? null,
        error: query.error ?? null,
        parent: query.parent ?? null,
        fromId: query.from === undefined ? null : firstIdAt(Date.parse(query.from)),
        beforeId: after !== null && (before === null || after < before) ? after : before,
        limit: query.limit + 1,
      };
      const { rows, searchedTo } = await withTenant(deps.api, orgId, (tx) =>
        search === null
          ? listExecutions(tx, { ...asked, search })
          : searchExecutions(
              tx,
              { ...asked, search },
              dataOpener(deps.cipher, orgId),
              findable(deps, caller, search),
            ),
      );
      const page = pageOf(
        rows,
        query.limit,
        (row) => row.id,
        (row) => executionSummary(hiddenRow(deps, caller, row)),
      );
      if (searchedTo === undefined || page.next !== undefined) return { json: page };
      const at = new Date(startedMsOf(searchedTo)).toISOString();
      return { json: { ...page, next: cursorOf(searchedTo), searchedTo: at } };
    }),
    route(endpoints.getExecution, async ({ params, query, caller, signal }) => {
      const wait = query.wait === undefined ? undefined : { seconds: query.wait, signal: signal() };
      const view = await showExecution(deps, caller, params.id, wait);
      return { json: await hidden(deps, caller, { executionId: params.id }, view) };
    }),
    route(endpoints.getTimeline, async ({ params, query, caller }) => {
      const { projection } = await projectionOf(deps, caller, params.id);
      const from = Number(placeAfter(query.after) ?? 0);
      const runs = [...projection.runs.values()].filter(
        (run) => query.node === undefined || run.node === query.node,
      );
      const items = runs.slice(from, from + query.limit).map((record) => runView(projection, record));
      const next = from + query.limit;
      const view = { items, ...(next < runs.length ? { next: cursorOf(String(next)) } : {}) };
      return { json: await hidden(deps, caller, { executionId: params.id }, view) };
    }),
    route(endpoints.getNodeData, async ({ params, query, caller }) => {
      const { side, port, limit, after, itemBytes } = query;
      const request = { run: params.run, side, port, limit, from: placeOf(after) };
      const data = await hidden(
        deps,
        caller,
        { executionId: params.id },
        await showData(deps, caller, params.id, request),
      );
      return { json: itemBytes === undefined ? data : withinBytes(data, itemBytes) };
    }),
    route(endpoints.getAttempts, async ({ params, query, caller }) => {
      const from = query.after === undefined ? -1 : placeOf(query.after);
      const request = { run: params.run, from, limit: query.limit };
      const view = await showAttempts(deps, caller, params.id, request);
      return { json: await hidden(deps, caller, { executionId: params.id }, view) };
    }),
    route(endpoints.getInput, async ({ params, caller }) => ({
      json: await hidden(
        deps,
        caller,
        { executionId: params.id, isData: true },
        await showInput(deps, caller, params.id),
      ),
    })),
    route(endpoints.getOutput, async ({ params, caller }) => ({
      json: await hidden(
        deps,
        caller,
        { executionId: params.id, isData: true },
        await showOutput(deps, caller, params.id),
      ),
    })),
    route(endpoints.listTurns, async ({ params, query, caller }) => {
      await ownExecution(deps, caller, params.id);
      const request = {
        orgId: caller.orgId,
        executionId: params.id,
        after: query.after,
        limit: query.limit + 1,
      };
      const rows = await withTenant(deps.api, caller.orgId, (tx) => listTurns(tx, request));
      const opened = await openTurns(deps.cipher, request, rows.slice(0, query.limit));
      const items = opened.map(({ seq, at, body }) => ({
        seq,
        at: at.toISOString(),
        facts: JSON.parse(Buffer.from(body).toString("utf8")) as unknown,
      }));
      const last = items.at(-1);
      const view = { items, ...(rows.length > query.limit && last ? { next: String(last.seq) } : {}) };
      return { json: await hidden(deps, caller, { executionId: params.id }, view) };
    }),
    route(endpoints.listWaits, async ({ query, caller }) => {
      const rows = await withTenant(deps.api, caller.orgId, (tx) =>
        listOpenWaits(tx, {
          orgId: caller.orgId,
          kind: query.kind ?? null,
          assignee: query.assignee ?? null,
          after: waitAfter(query.after),
          limit: query.limit + 1,
        }),
      );
      const json = pageOf(
        rows,
        query.limit,
        (row) => `${row.executionId}|${row.wait}`,
        (row) => ({
          executionId: row.executionId,
          workflowId: row.workflowId,
          workflowName: row.workflowName,
          wait: row.wait,
          run: row.run,
          kind: row.kind,
          openedAt: row.openedAt.toISOString(),
          until: row.expiresAt?.toISOString() ?? null,
          ...(row.title === null || hidesOf(deps, caller, row.workflowId) ? {} : { title: row.title }),
          assignees: row.assignees,
          ...(row.kind === "signal" || row.kind === "parked"
            ? {}
            : addressOf(row.wait, askedBy(row), addressesOf(deps, row.executionId))),
        }),
      );
      return { json };
    }),
  ];
}

/** Of the waits for a call only a form has a title. */
function askedBy({ kind, title }: { kind: string; title: string | null }): { kind: string; form?: Json } {
  return kind === "webhook" && title !== null ? { kind, form: title } : { kind };
}

function controlRoutes(deps: Deps): Route[] {
  const by = (caller: Caller) => ({ by: caller.actor });
  const reasonOf = (body: { reason?: string | undefined }) =>
    body.reason === undefined ? {} : { reason: body.reason };
  const started = (id: string) => {
    const url = `/api/v1/executions/${id}`;
    return { json: { id, url }, headers: { location: url } };
  };
  return [
    route(endpoints.cancelExecution, async ({ params, body, caller }) => ({
      json: await control(deps, caller, params.id, {
        type: "CancelRequested",
        ...reasonOf(body),
        ...by(caller),
      }),
    })),
    route(endpoints.terminateExecution, async ({ params, body, caller }) => ({
      json: await control(deps, caller, params.id, {
        type: "TerminateRequested",
        ...reasonOf(body),
        ...by(caller),
      }),
    })),
    route(endpoints.pauseExecution, async ({ params, caller }) => ({
      json: await control(deps, caller, params.id, { type: "PauseRequested", ...by(caller) }),
    })),
    route(endpoints.resumeExecution, async ({ params, caller }) => ({
      json: await control(deps, caller, params.id, { type: "ResumeRequested", ...by(caller) }),
    })),
    route(endpoints.retryExecution, async ({ params, caller }) =>
      started(await retryExecution(deps, caller, params.id)),
    ),
    route(endpoints.rerunExecution, async ({ params, body, caller }) => {
      const { node, input, repeatEffects = false, version, draft = false, target, replay = false } = body;
      const request = { node, input, repeatEffects, version, draft, target, replay };
      return started(await rerunExecution(deps, caller, params.id, request));
    }),
    route(endpoints.signalExecution, async ({ params, body, caller }) => ({
      json: await control(deps, caller, params.id, {
        type: "SignalReceived",
        name: body.name,
        id: body.id ?? deps.newId(),
        payload: (body.payload ?? null) as Json,
      }),
    })),
    route(endpoints.answerWait, async ({ params, body, caller }) => {
      await ownExecution(deps, caller, params.id);
      const data = (body.data ?? null) as Json;
      const answer = { wait: params.wait, decision: body.decision, data, by: caller.actor };
      return { json: await answerWait(deps, params.id, answer) };
    }),
    route(endpoints.resolveParked, async ({ params, body, caller }) => ({
      json: await control(deps, caller, params.id, {
        type: "ParkResolved",
        run: body.run,
        ...(body.item === undefined ? {} : { item: body.item }),
        action: body.action,
        ...(body.output === undefined ? {} : { output: body.output as Json }),
        ...(body.attempt === undefined ? {} : { attempt: body.attempt }),
        ...by(caller),
      }),
    })),
  ];
}

function statusesOf(text: string | undefined): string[] | null {
  if (text === undefined) return null;
  const words = text.split(",").map((word) => word.trim());
  const wrong = words.find((word) => !executionStatus.safeParse(word).success);
  if (wrong !== undefined)
    throw refuse(
      400,
      "QUERY_INVALID",
      `"${wrong.slice(0, 50)}" is no status of an execution.`,
      `Use ${executionStatus.options.join(", ")}.`,
    );
  return words;
}

function placeOf(after: string | undefined): number {
  if (after === undefined) return 0;
  if (/^-?\d{1,9}$/.test(after)) return Number(after);
  throw refuse(400, "CURSOR_INVALID", "`after` is no place in this list.", "Use `next` of the page before.");
}

function waitAfter(after: string | undefined): { executionId: string; wait: string } | null {
  if (after === undefined) return null;
  const [executionId = "", wait] = Buffer.from(after, "base64url").toString().split("|", 2);
  if (wait !== undefined && /^[0-9a-f-]{36}$/.test(executionId)) return { executionId, wait };
  throw refuse(400, "CURSOR_INVALID", "`after` is no place in this list.", "Use `next` of the page before.");
}
