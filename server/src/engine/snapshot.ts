// A snapshot is the state after a committed turn, so that restoring need not fold a long history. It is a cache: it is
// made after the turns it covers, may be lost at any time, and a refusal of it is no trouble.
import type { ExecutionState } from "@auraos/kernel";
import { messageOf } from "./errors.ts";
import { maybeQuiet } from "./evict.ts";
import type { LiveExecution, RunStart } from "./execution.ts";
import { type BlobReader, encodeValue, fetchBlobs, restoreRefs } from "./payload.ts";
import type { Reign } from "./reign.ts";
import type { Usage } from "./usage.ts";

const VERSION = 1;

type SnapshotBody = {
  version: number;
  blobs: string[];
  /** Blobs of sensitive values. */
  sealed?: string[];
  state: ExecutionState;
  /** Open node runs for statistics. */
  started: [string, RunStart][];
  usage?: Usage | null;
};

/** Only when nothing of the execution waits in the lane: the state is then that of the last committed turn. */
export function maybeSnapshot(reign: Reign, exec: LiveExecution): void {
  const { snapshotFacts, snapshotBytes } = reign.limits;
  if (exec.tailFacts < snapshotFacts && exec.tailBytes < snapshotBytes) return;
  if (exec.isSnapshotting || exec.isPoisoned) return;
  exec.isSnapshotting = true;
  exec.tailFacts = 0;
  exec.tailBytes = 0;
  takeSnapshot(reign, exec, exec.committedSeq).then(
    () => {
      exec.isSnapshotting = false;
      maybeQuiet(reign, exec);
    },
    (error) => {
      exec.isSnapshotting = false;
      maybeQuiet(reign, exec);
      reign.deps.log("warn", "a snapshot was not taken", { executionId: exec.id, error: messageOf(error) });
    },
  );
}

async function takeSnapshot(reign: Reign, exec: LiveExecution, seq: number): Promise<void> {
  const started = [...exec.started];
  const state = JSON.stringify(exec.state);
  const head = `{"version":${VERSION},"started":${JSON.stringify(started)},"usage":${JSON.stringify(exec.usage)}`;
  const isPlain = state.length <= reign.limits.inlineBytesMax && exec.sensitive === null;
  const small = isPlain
    ? { text: state, blobs: [], sealed: [], hasWaited: false }
    : await encodeValue(reign, exec, exec.state, exec.state.nowMs);
  // The state went on while its big parts were put away: the next one will find them there.
  if (small.hasWaited && exec.seq !== seq) return;
  const refs = `"blobs":${JSON.stringify(small.blobs)},"sealed":${JSON.stringify(small.sealed)}`;
  const body = Buffer.from(`${head},${refs},"state":${small.text}}`);
  if (reign.isOver) return;
  const row = { executionId: exec.id, orgId: exec.about.orgId, seq, body };
  await reign.deps.store.putSnapshot(reign.lease.epoch(), row);
}

/** Undefined: of a version that is not read any more; the history is folded instead. */
export async function readSnapshot(
  reader: BlobReader,
  body: Uint8Array,
): Promise<{ state: ExecutionState; started: Map<string, RunStart>; usage: Usage | null } | undefined> {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8");
  const snapshot = JSON.parse(text) as SnapshotBody;
  if (snapshot.version !== VERSION) return undefined;
  const { blobs, sealed = [] } = snapshot;
  if (blobs.length + sealed.length > 0) {
    const ids = await fetchBlobs(reader, { sealed, blobs });
    snapshot.state = restoreRefs(reader, ids, snapshot.state) as ExecutionState;
  }
  return { state: snapshot.state, started: new Map(snapshot.started), usage: snapshot.usage ?? null };
}
