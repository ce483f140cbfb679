// The worker's end of a channel, whatever carries it.
import type { FromWorker, ToWorker } from "@auraos/contract";

export type Link = {
  send(message: FromWorker): void;
  onMessage(listen: (message: ToWorker) => void): void;
  /** The server is gone. */
  onClose(listen: () => void): void;
  close(): void;
};

/** Between the worker's main thread and the thread that runs one activity after the other. */
export type ToExecutor = Exclude<ToWorker, { type: "welcome" | "refused" | "drain" }>;
export type FromExecutor =
  | { type: "ready"; nodeTypes: string[] }
  | Extract<FromWorker, { type: "done" | "call" }>;

export type ExecutorData = {
  /** Private targets that requests from here may reach; null = the server makes the requests. */
  allowHosts: string[] | null;
  scratch: string;
  /** Folder of further node types; null = none. */
  nodesDir: string | null;
  /** Numbers of calls of this thread begin here, so that no two threads use the same. */
  firstCall: number;
};

/** Calls a thread can make in its life. */
export const CALLS_MAX = 1_000_000_000;
