// Running the draft, for the button, the keys and the dialog.
import type { Json } from "@auraos/kernel";
import { createContext, use } from "react";
import type { Execution } from "./nodeStates.ts";

export type Run = {
  /** The execution whose data is shown. */
  execution: Execution | undefined;
  isStarting: boolean;
  /** Without an input, the one that was used last or the trigger's example. */
  start(input?: { value: Json | undefined; trigger?: string }): Promise<void>;
  /** This node and what leads to it; inside a block, the whole block. */
  startTo(node: string): Promise<void>;
  /** This node alone, or with what follows it, on the data of the execution that is shown; without one, `startTo`. */
  startAt(node: string, extent: "alone" | "onwards"): Promise<void>;
  /** An address of this trigger that runs the draft at its next call; undefined when it was refused, which is said. */
  listen(node: string): Promise<Listening | undefined>;
};

export type Listening = {
  url: string;
  methods: readonly string[];
  expiresAt: string;
  /** The newest trial there was when it began; null = none. */
  newestBefore: string | null;
};

export const RunContext = createContext<Run | null>(null);

export function useRun(): Run {
  const run = use(RunContext);
  if (!run) throw new Error("Only inside of a RunContext.");
  return run;
}
