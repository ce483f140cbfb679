// The live stream: committed turns, in commit order, to whoever subscribed. Knows no transport.
//
//   one execution    its history is the buffer: any gap is read from the turns table, so a resume never fails
//   a workflow, all  a ring of the last turns is the buffer: a cursor that has fallen out of it, or that comes from
//                    before a restart, gets the present state instead and goes on from there
//
// Invariants:
//   1. A subscriber gets each turn once, in order: what is read from the table ends where the live part begins,
//      because live turns are held back until the reading is done and those already read are dropped by seq or offset.
//   2. A slow subscriber slows nobody: it is told to resume (`lagged`) once too much waits for it.
import { randomUUID } from "node:crypto";
import type { LiveState, LiveTurn, Subscription } from "@auraos/contract";
import type { CommittedTurn } from "../engine/engine.types.ts";
import { summarise } from "./summarise.ts";

export type LiveMessage = { type: "state"; state: LiveState } | { type: "turn"; turn: LiveTurn };

export type Subscriber = {
  send(message: LiveMessage): void;
  /** Messages not yet taken by the transport. */
  backlog(): number;
  /** The stream ends here; the client resumes with its cursor. */
  lagged(): void;
};

export type LiveHub = {
  /** Of the engine. */
  publish(turn: CommittedTurn): void;
  /** Resolves once the beginning was sent. The result ends the subscription. */
  subscribe(orgId: string, to: Subscription, subscriber: Subscriber): Promise<() => void>;
  subscribers(): number;
};

export type LiveReads = {
  /** Turns of one execution after `seq`, oldest first. */
  turnsAfter(orgId: string, executionId: string, seq: number, limit: number): Promise<LiveTurnRead[]>;
  /** Executions that are open, or of one workflow, or the one; the newest first. */
  stateOf(orgId: string, to: Subscription): Promise<LiveState["executions"]>;
};

export type LiveTurnRead = Omit<LiveTurn, "cursor" | "offset" | "status"> & { status?: LiveTurn["status"] };

const RING_TURNS = 20_000;
const READ_PAGE = 500;
const BACKLOG_MAX = 5_000;
/** The ring is kept for those who come back; without anybody to come back it costs nothing. */
const LINGER_MS = 5 * 60_000;

type Entry = { turn: LiveTurn; orgId: string };
type Live = { orgId: string; to: Subscription; subscriber: Subscriber; held: LiveTurn[] | null; seq: number };

/** Whether fields of a workflow are hidden from somebody (redaction rules). */
export type IsHidden = (orgId: string, workflowId: string) => boolean;

export function createLiveHub(
  reads: LiveReads,
  nowMs: () => number = Date.now,
  isHidden: IsHidden = () => false,
): LiveHub {
  // Offsets begin anew with the process; a cursor of another life is recognised by this.
  let life = newLife();
  let ring: (Entry | undefined)[] = [];
  let watchedMs = Number.NEGATIVE_INFINITY;
  const subscriptions = new Set<Live>();
  let last = 0;
  let isEmpty = true;
  let first = 1;
  return { publish, subscribe, subscribers: () => subscriptions.size };

  function publish(committed: CommittedTurn): void {
    const { offset, orgId, executionId, workflowId, seq, atMs, status } = committed;
    if (isEmpty) first = offset;
    else if (offset !== last + 1) {
      // A new reign of the same process counts anew: nothing older can be bridged.
      first = offset;
      life = newLife();
    }
    isEmpty = false;
    last = offset;
    if (!isWatched()) {
      first = offset + 1;
      return;
    }
    const turn: LiveTurn = {
      cursor: `${life}.${offset}`,
      offset,
      executionId,
      workflowId,
      seq,
      at: new Date(atMs).toISOString(),
      status,
      facts: summarise(committed.facts, isHidden(orgId, workflowId)),
    };
    if (offset - first >= RING_TURNS) first = offset - RING_TURNS + 1;
    ring[offset % RING_TURNS] = { turn, orgId };
    for (const live of subscriptions) if (live.orgId === orgId && concerns(live.to, turn)) offer(live, turn);
  }

  function isWatched(): boolean {
    if (subscriptions.size > 0) watchedMs = nowMs();
    else if (nowMs() - watchedMs > LINGER_MS) {
      if (ring.length > 0) ring = [];
      return false;
    }
    return true;
  }

  function offer(live: Live, turn: LiveTurn): void {
    if (live.held) live.held.push(turn);
    else push(live, turn);
  }

  function push(live: Live, turn: LiveTurn): void {
    if (live.to.to === "execution") {
      if (turn.seq <= live.seq) return;
      live.seq = turn.seq;
    }
    if (live.subscriber.backlog() > BACKLOG_MAX) {
      subscriptions.delete(live);
      live.subscriber.lagged();
      return;
    }
    live.subscriber.send({ type: "turn", turn: live.to.to === "execution" ? withSeqCursor(turn) : turn });
  }

  async function subscribe(orgId: string, to: Subscription, subscriber: Subscriber): Promise<() => void> {
    const live: Live = { orgId, to, subscriber, held: [], seq: 0 };
    subscriptions.add(live);
    try {
      if (to.to === "execution") await beginExecution(live);
      else await beginAll(live);
    } catch (error) {
      subscriptions.delete(live);
      throw error;
    }
    const held = live.held ?? [];
    live.held = null;
    for (const turn of held) push(live, turn);
    return () => void subscriptions.delete(live);
  }

  /** The whole history, or what follows the cursor, then live. */
  async function beginExecution(live: Live): Promise<void> {
    const { to, orgId, subscriber } = live;
    const id = to.id ?? "";
    const resumed = to.cursor === undefined ? undefined : Number(/^seq\.(\d{1,10})$/.exec(to.cursor)?.[1]);
    const executions = await reads.stateOf(orgId, to);
    if (resumed === undefined || Number.isNaN(resumed))
      subscriber.send({ type: "state", state: { to: "execution", id, cursor: "seq.0", executions } });
    else live.seq = resumed;
    const status = executions[0]?.status ?? "running";
    for (;;) {
      const turns = await reads.turnsAfter(orgId, id, live.seq, READ_PAGE);
      for (const turn of turns) {
        live.seq = turn.seq;
        subscriber.send({ type: "turn", turn: withSeqCursor({ ...turn, status, offset: 0, cursor: "" }) });
      }
      if (turns.length < READ_PAGE) return;
    }
  }

  async function beginAll(live: Live): Promise<void> {
    const { to, orgId, subscriber } = live;
    const [cursorLife, offsetText] = to.cursor?.split(".") ?? [];
    const offset = Number(offsetText);
    const canBridge =
      cursorLife === life && Number.isInteger(offset) && offset <= last && (isEmpty || offset >= first - 1);
    if (canBridge) {
      // Held turns begin after `last` of this very moment: nothing in between, nothing twice.
      for (let at = offset + 1; at <= last; at += 1) {
        const entry = ring[at % RING_TURNS];
        if (entry && entry.orgId === orgId && concerns(to, entry.turn))
          subscriber.send({ type: "turn", turn: entry.turn });
      }
      return;
    }
    const from = last;
    const executions = await reads.stateOf(orgId, to);
    const id = to.id === undefined ? {} : { id: to.id };
    subscriber.send({ type: "state", state: { to: to.to, ...id, cursor: `${life}.${from}`, executions } });
  }
}

function newLife(): string {
  return randomUUID().slice(0, 8);
}

function concerns(to: Subscription, turn: LiveTurn): boolean {
  if (to.to === "all") return true;
  return to.to === "workflow" ? turn.workflowId === to.id : turn.executionId === to.id;
}

/** Of one execution the seq is the cursor: it outlives the process. */
function withSeqCursor(turn: LiveTurn): LiveTurn {
  return { ...turn, cursor: `seq.${turn.seq}` };
}
