// Executions run again from nodes of the top level only: of a run inside a block, that is its outermost block.
export function topNodeOf(run: string | undefined): string | undefined {
  return run === undefined ? undefined : /^[^/#]+/.exec(run)?.[0];
}
