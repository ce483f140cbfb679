// A snapshot is the state after a committed turn, so that restoring need not fold a long history. It is a cache: it is
// made after the turns it covers, may be lost at any time, and a refusal of it is no trouble.
import type { ExecutionState } from "@auraos/kernel";
import { messageOf } from "./errors.ts";
import { maybeQuiet } from "./evict.ts";
import type { LiveExecution, RunStart } from "./execution.ts";
import { type BlobReader, encodeValue, fetchBlobs, restoreRefs } from "./payload.ts";
import type { Reign } from "./reign.ts";

const VERSION = 1;

type SnapshotBody = {
  version: number;
  blobs: string[];
  state: ExecutionState;
  /** Open node runs for statistics. */
  started: [string, RunStart][];
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
  const head = `{"version":${VERSION},"started":${JSON.stringify(started)}`;
  const isBig = state.length > reign.limits.inlineBytesMax;
  const small = isBig
    ? await encodeValue(reign, exec, exec.state, exec.state.nowMs)
    : { text: state, blobs: [], hasWaited: false };
  // The state went on while its big parts were put away: the next one will find them there.
  if (small.hasWaited && exec.seq !== seq) return;
  const body = Buffer.from(`${head},"blobs":${JSON.stringify(small.blobs)},"state":${small.text}}`);
  if (reign.isOver) return;
  const row = { executionId: exec.id, orgId: exec.about.orgId, seq, body };
  await reign.deps.store.putSnapshot(reign.lease.epoch(), row);
}

/** Undefined: of a version that is not read any more; the history is folded instead. */
export async function readSnapshot(
  reader: BlobReader,
  body: Uint8Array,
): Promise<{ state: ExecutionState; started: Map<string, RunStart> } | undefined> {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8");
  const snapshot = JSON.parse(text) as SnapshotBody;
  if (snapshot.version !== VERSION) return undefined;
  if (snapshot.blobs.length > 0) {
    await fetchBlobs(reader, snapshot.blobs);
    snapshot.state = restoreRefs(reader, new Set(snapshot.blobs), snapshot.state) as ExecutionState;
  }
  return { state: snapshot.state, started: new Map(snapshot.started) };
}
