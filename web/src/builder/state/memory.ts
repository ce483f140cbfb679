// What a reload must not lose: the graph with its unsaved changes, and every step of undo. In IndexedDB, one record
// per step, so that a long history costs nothing to add to.
import type { Graph } from "../graph/graph.ts";
import type { History, Step } from "../graph/history.ts";

export type Remembered = { history: History; etag: string; isSaved: boolean };

type Head = { present: Graph; done: number; length: number; etag: string; isSaved: boolean };

const NAME = "auraos.builder";
let opened: Promise<IDBDatabase | null> | undefined;

/** Nothing when there is nothing, or when the browser keeps nothing. */
export async function recall(workflowId: string): Promise<Remembered | undefined> {
  const database = await open();
  if (!database) return undefined;
  try {
    const reading = database.transaction(["heads", "steps"]);
    const head = await result<Head | undefined>(reading.objectStore("heads").get(workflowId));
    const steps = await result<Step[]>(reading.objectStore("steps").getAll(rangeOf(workflowId, 0)));
    if (!head || steps.length < head.length) return undefined;
    const { present, done, length, etag, isSaved } = head;
    return { history: { present, steps: steps.slice(0, length), done }, etag, isSaved };
  } catch {
    return undefined;
  }
}

/** Writes what differs from what was written before. */
export function createMemory(workflowId: string) {
  let written: readonly Step[] = [];
  return async function remember({ history, etag, isSaved }: Remembered): Promise<void> {
    const database = await open();
    if (!database) return;
    const { steps, done, present } = history;
    let same = 0;
    while (same < steps.length && steps[same] === written[same]) same++;
    const writing = database.transaction(["heads", "steps"], "readwrite");
    const store = writing.objectStore("steps");
    if (same < written.length || written.length === 0) store.delete(rangeOf(workflowId, same));
    for (const [index, step] of steps.entries()) if (index >= same) store.put(step, [workflowId, index]);
    writing
      .objectStore("heads")
      .put({ present, done, length: steps.length, etag, isSaved } satisfies Head, workflowId);
    written = steps;
  };
}

function rangeOf(workflowId: string, from: number): IDBKeyRange {
  return IDBKeyRange.bound([workflowId, from], [workflowId, Number.MAX_SAFE_INTEGER]);
}

function open(): Promise<IDBDatabase | null> {
  opened ??= new Promise((resolve) => {
    try {
      const request = indexedDB.open(NAME, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore("heads");
        request.result.createObjectStore("steps");
      };
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => resolve(null);
    } catch {
      resolve(null);
    }
  });
  return opened;
}

function result<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
