// Names of scopes, runs and commands. A scope path ends with `/` (the root's is empty), a run id is path + node id:
// `charge`, `loop#3/step`, `try1#catch/tell`, `saga#undo2/refund`. Node ids contain neither `/`, `#` nor `:`.

export const ROOT = "";

export function runId(scope: string, node: string): string {
  return scope + node;
}

export function scopeOf(run: string): string {
  const at = lastSlash(run);
  return at < 0 ? ROOT : run.slice(0, at + 1);
}

export function nodeOf(run: string): string {
  const at = lastSlash(run);
  return at < 0 ? run : run.slice(at + 1);
}

/** As `lastIndexOf`, which costs twice as much for names as short as these: some thirty are asked for per step. */
function lastSlash(run: string): number {
  for (let at = run.length - 1; at >= 0; at--) if (run.charCodeAt(at) === SLASH) return at;
  return -1;
}

const SLASH = 47;

export function childScope(blockRun: string, label: string | number): string {
  return `${blockRun}#${label}/`;
}

export function commandId(run: string, item: number | undefined): string {
  return item === undefined ? run : `${run}:${item}`;
}

/** Frame of a node from the frame key of its scope: compensations have one frame key per starting node. */
export function baseFrame(key: string): string {
  const second = key.indexOf(":", key.indexOf(":") + 1);
  return second < 0 ? key : key.slice(0, second);
}
