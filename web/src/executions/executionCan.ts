// What may be done with an execution in which state; the server's rule is the kernel's (events that a closed
// execution refuses). One table, so that buttons, menus and bulk actions agree.
import type { ExecutionStatus } from "@auraos/contract";

type Execution = { status: ExecutionStatus };

const open: readonly ExecutionStatus[] = ["running", "waiting", "paused", "parked"];

export const executionCan = {
  cancel: ({ status }: Execution) => open.includes(status),
  terminate: ({ status }: Execution) => open.includes(status),
  pause: ({ status }: Execution) => status === "running" || status === "waiting",
  resume: ({ status }: Execution) => status === "paused",
  retry: ({ status }: Execution) => ["failed", "cancelled", "terminated"].includes(status),
};

export function isOpen({ status }: Execution): boolean {
  return open.includes(status);
}
