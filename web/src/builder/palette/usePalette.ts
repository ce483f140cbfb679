// The palette is asked for from many places (a port's plus, a wire pulled into the open, a key); this is how.
import { createContext, use } from "react";
import type { Frame, Point } from "../graph/graph.ts";

export type PaletteAsk =
  | { kind: "anywhere"; category?: "trigger" }
  | { kind: "after"; node: string; port: string; at?: Point }
  | { kind: "inside"; frame: Frame }
  | { kind: "attach"; node: string; input: string };

export type Palette = {
  ask: PaletteAsk | null;
  openAnywhere(category?: "trigger"): void;
  openAfter(node: string, port: string, at?: Point): void;
  openInside(frame: Frame): void;
  openAttach(node: string, input: string): void;
  close(): void;
};

export const PaletteContext = createContext<Palette | null>(null);

export function usePalette(): Palette {
  const palette = use(PaletteContext);
  if (!palette) throw new Error("Only inside of a PaletteContext.");
  return palette;
}
