// Pauses: for a time, until a time, for a signal, an approval, a resume URL. A waiting execution costs a row.
//
//   open   its time comes       -> main (duration, until) or timeout (signal, webhook, approval)
//   open   signal, answer       -> main, approved, rejected; the first answer wins
//   open   scope ends           -> closed(cancel)
import type { Event } from "../events.ts";
import type { Fact, WaitKind } from "../facts.ts";
import { NodeError } from "../failure.ts";
import type { Item } from "../item.ts";
import { isObject, type Json, type JsonObject } from "../json.ts";
import { scopeOf } from "../paths.ts";
import { BOUNDS, type ProgramNode } from "../program.ts";
import { Scope } from "../scope.ts";
import type { OpenWait, ScopeState } from "../state.ts";
import { inputItems } from "../wires.ts";
import { failNode } from "./failing.ts";
import { toFailure } from "./pure.ts";
import { settleNode } from "./settle.ts";
import type { Turn } from "./turn.ts";

type Opening = Omit<Fact & { t: "WaitOpened" }, "t" | "wait" | "run">;

export function startWait(turn: Turn, id: string, node: ProgramNode): void {
  let about: Opening;
  try {
    const config = node.config.resolve(new Scope(turn.program, turn.state, id, 0, turn.nowMs));
    about = node.type.structure === "approval" ? approval(turn, config) : waitOf(turn, config);
  } catch (error) {
    return failNode(turn, id, toFailure(error));
  }
  const wait = `w${turn.state.waitsOpened}`;
  turn.emit({ t: "WaitOpened", wait, run: id, ...about });
  const queued = about.signal === undefined ? undefined : turn.state.signals[about.signal]?.[0];
  if (queued) deliver(turn, wait, turn.state.waits[wait] as OpenWait, queued.id, queued.payload);
}

function waitOf(turn: Turn, config: JsonObject): Opening {
  const timeout =
    config.timeoutSeconds === undefined
      ? {}
      : { at: turn.nowMs + seconds(config.timeoutSeconds, "timeoutSeconds") };
  if (config.pages !== undefined) return { ...form(config), ...timeout };
  const kind = (config.for ?? (config.types === undefined ? "duration" : "signal")) as WaitKind;
  if (kind === "duration") return { kind, at: turn.nowMs + seconds(config.seconds ?? 0, "seconds") };
  if (kind === "until") return { kind, at: instant(config.until) };
  if (kind === "webhook") return { kind, ...timeout };
  if (config.types !== undefined) return { ...eventSignal(config), ...timeout };
  if (typeof config.signal !== "string" || config.signal === "")
    throw invalid("signal", "A wait for a signal needs its name.", "Set `signal`.");
  return { kind: "signal", signal: config.signal, ...timeout };
}

/** A page that asks is a resume address with what it asks. */
function form({ timeoutSeconds: _, ...shown }: JsonObject): Opening {
  return { kind: "webhook", title: text(shown.title) ?? "Form", form: shown };
}

const EVENT_SIGNAL_MAX = 480;

/** A wait for an event is a wait for a signal whose name says which events; the title shows it to who sends them. */
function eventSignal(config: JsonObject): Opening {
  const { types = [], match = {} } = config;
  const signal = `event:${JSON.stringify({ types, match })}`;
  if (signal.length > EVENT_SIGNAL_MAX)
    throw invalid(
      "match",
      `What is waited for is too long: ${signal.length} of ${EVENT_SIGNAL_MAX} characters.`,
      "Wait for fewer types, and compare fewer or shorter values.",
    );
  return { kind: "signal", signal, title: signal };
}

function approval(turn: Turn, config: JsonObject): Opening {
  const escalate = isObject(config.escalate) ? (config.escalate as JsonObject) : undefined;
  return {
    kind: "approval",
    title: text(config.title) ?? "Approval",
    ...(config.message === undefined ? {} : { message: text(config.message) ?? "" }),
    ...(config.form === undefined ? {} : { form: config.form }),
    assignees: names(config.assignees),
    ...(config.timeoutSeconds === undefined
      ? {}
      : { at: turn.nowMs + seconds(config.timeoutSeconds, "timeoutSeconds") }),
    ...(escalate
      ? {
          escalateAt: turn.nowMs + seconds(escalate.afterSeconds, "escalate.afterSeconds"),
          escalateTo: names(escalate.assignees),
        }
      : {}),
  };
}

function text(value: Json | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}

function names(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
}

const SECONDS_MAX = 10 * 366 * 86_400;

function seconds(value: Json | undefined, field: string): number {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number !== "number" || !(number >= 0) || number > SECONDS_MAX)
    throw invalid(
      field,
      `\`${field}\` must be a number of seconds from 0 to ${SECONDS_MAX}, not ${JSON.stringify(value)}.`,
      "Give a number.",
    );
  return Math.round(number * 1000);
}

function instant(value: Json | undefined): number {
  const at = typeof value === "string" ? Date.parse(value) : typeof value === "number" ? value : Number.NaN;
  if (!Number.isFinite(at))
    throw invalid(
      "until",
      `\`until\` must be a time such as 2027-01-31T09:00:00Z, not ${JSON.stringify(value)}.`,
      "Give an ISO time.",
    );
  return at;
}

function invalid(field: string, message: string, remedy: string): NodeError {
  return new NodeError({
    code: "PARAM_INVALID",
    class: "data",
    message,
    remedy,
    field,
    certainty: "notDone",
  });
}

/** A timer of a wait is due. */
export function waitExpired(turn: Turn, id: string, wait: OpenWait): void {
  turn.emit({ t: "WaitClosed", wait: id, by: "timer" });
  const port = wait.kind === "duration" || wait.kind === "until" ? "main" : "timeout";
  settleNode(turn, { t: "NodeFinished", run: wait.run, from: "input", port });
}

export function waitEscalated(turn: Turn, id: string, wait: OpenWait): void {
  turn.emit({ t: "WaitEscalated", wait: id, assignees: wait.escalateTo ?? [] });
}

export function receiveSignal(turn: Turn, event: Event & { type: "SignalReceived" }): void {
  const { state } = turn;
  if (state.signalIds.includes(event.id))
    return turn.emit({ t: "SignalIgnored", name: event.name, id: event.id, why: "repeated" });
  for (const id in state.waits) {
    const wait = state.waits[id] as OpenWait;
    if (wait.signal === event.name) return deliver(turn, id, wait, event.id, event.payload);
  }
  if ((state.signals[event.name]?.length ?? 0) >= BOUNDS.signalsMax)
    return turn.emit({ t: "SignalIgnored", name: event.name, id: event.id, why: "overflow" });
  turn.emit({ t: "SignalBuffered", name: event.name, id: event.id, payload: event.payload });
}

function deliver(turn: Turn, id: string, wait: OpenWait, signalId: string, payload: Json): void {
  turn.emit({ t: "WaitClosed", wait: id, by: "signal", signalId });
  settleNode(turn, { t: "NodeFinished", run: wait.run, outputs: { main: { items: [{ json: payload }] } } });
}

/** An approval or a resume URL: the first answer wins; a later one is told that it is closed. */
export function answerWait(turn: Turn, event: Event & { type: "WaitAnswered" }, index: number): void {
  const wait = turn.state.waits[event.wait];
  if (!wait) {
    const number = /^w(\d+)$/.exec(event.wait)?.[1];
    const known = number !== undefined && Number(number) < turn.state.waitsOpened;
    turn.refused.push({ index, code: known ? "WAIT_CLOSED" : "UNKNOWN_WAIT" });
    return;
  }
  const fits =
    wait.kind === "approval"
      ? event.decision !== "resume"
      : wait.kind === "webhook" && event.decision === "resume";
  if (!fits) {
    turn.refused.push({ index, code: "UNKNOWN_WAIT" });
    return;
  }
  turn.emit({
    t: "WaitClosed",
    wait: event.wait,
    by: "answer",
    decision: event.decision,
    data: event.data,
    ...(event.by ? { actor: event.by } : {}),
  });
  const port = event.decision === "approve" ? "approved" : event.decision === "reject" ? "rejected" : "main";
  settleNode(turn, {
    t: "NodeFinished",
    run: wait.run,
    outputs: { [port]: { items: answerItems(turn, wait, event) } },
  });
}

function answerItems(turn: Turn, wait: OpenWait, event: Event & { type: "WaitAnswered" }): Item[] {
  if (wait.kind === "webhook") return [{ json: event.data, ...(event.files ? { files: event.files } : {}) }];
  const scope = turn.state.scopes[scopeOf(wait.run)] as ScopeState;
  const node = turn.program.nodes.get(wait.run.slice(scopeOf(wait.run).length)) as ProgramNode;
  const input = inputItems(turn.state, scope, node);
  const answer = { decision: event.decision, data: event.data, by: event.by ?? null };
  const subject = input.length === 1 ? (input[0] as Item).json : input.map((item) => item.json);
  return [{ json: { ...answer, item: subject } }];
}
