// The keyboard on the canvas. One tab stop: inside, arrows walk along wires. Tab asks for the palette while a node is
// selected; after Escape nothing is, and Tab leaves the canvas as everywhere.
import type { KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "../../ui/toasts.ts";
import { connectNodes, whyNotConnect } from "../graph/connections.ts";
import { findNode } from "../graph/graph.ts";
import type { Boxes } from "../layout/boxes.ts";
import { usePalette } from "../palette/usePalette.ts";
import { useRun } from "../run/useRun.ts";
import { useParts } from "../state/BuilderContext.tsx";
import { graphOf } from "../state/store.ts";
import { inputsOf } from "../types/nodeTypes.ts";
import {
  duplicateSelected,
  nextPort,
  nudgeSelected,
  removeSelected,
  toggleDisabled,
  wireFrom,
} from "./actions.ts";
import { useShowNode } from "./useShowNode.ts";
import { type Direction, walk } from "./walk.ts";

const arrows: Record<Direction, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export type Connecting = { from: string; port: string } | null;

export function useCanvasKeys(
  boxes: Boxes,
  connecting: Connecting,
  setConnecting: (next: Connecting) => void,
) {
  const { builder, catalogue } = useParts();
  const { t } = useTranslation("builder");
  const show = useShowNode();
  const palette = usePalette();
  const run = useRun();

  const connectTo = (id: string) => {
    if (!connecting) return;
    const graph = graphOf(builder.get());
    const target = findNode(graph, id);
    const [input] = target ? inputsOf(catalogue.find(target.type)) : [];
    const wire = wireFrom(graph, catalogue, connecting.from, connecting.port, id, input ?? "main");
    const refused = input === undefined ? "noInput" : whyNotConnect(graph, wire);
    if (refused) toast.info(t(`connect.${refused}`));
    else builder.edit("connect", (before) => connectNodes(before, wire));
    setConnecting(null);
  };

  return (event: KeyboardEvent<HTMLElement>) => {
    const target = event.target as HTMLElement;
    if (target.closest("input, textarea, [contenteditable=true], [role=dialog], [role=menu]")) return;
    const graph = graphOf(builder.get());
    const [selected] = builder.get().selection;
    const isNode = selected !== undefined && findNode(graph, selected) !== undefined;
    const handled = () => {
      event.preventDefault();
      event.stopPropagation();
    };
    const isCombined = event.ctrlKey || event.metaKey || event.altKey;

    if (event.key in arrows && !isCombined) {
      handled();
      const direction = event.key as Direction;
      const [dx, dy] = arrows[direction];
      if (event.shiftKey) return nudgeSelected(builder, dx * 20, dy * 20);
      const next = walk(graph, boxes, selected, direction);
      if (next === undefined) return;
      builder.select([next]);
      return show(next, "gently");
    }
    if (isCombined) {
      if (event.key.toLowerCase() === "a" && !event.altKey) {
        handled();
        builder.select([...graph.nodes, ...(graph.notes ?? [])].map(({ id }) => id));
      }
      if (event.key.toLowerCase() === "d" && !event.altKey) {
        handled();
        duplicateSelected(builder);
      }
      return;
    }
    switch (event.key) {
      case "Tab":
        if (event.shiftKey || !isNode) return;
        handled();
        return openNext(selected);
      case "Enter":
        if (!isNode || target.closest("button, a")) return;
        handled();
        if (connecting) return connectTo(selected);
        return builder.enter(selected);
      case "Escape":
        handled();
        if (connecting) return setConnecting(null);
        return builder.select([]);
      case "Delete":
      case "Backspace":
        handled();
        return removeSelected(builder);
      case "c":
      case "C": {
        const port = isNode ? nextPort(graph, catalogue, selected) : undefined;
        if (port === undefined) return;
        handled();
        return setConnecting({ from: selected as string, port });
      }
      case "x":
        if (!isNode) return;
        handled();
        return toggleDisabled(builder);
      case "r":
      case "R": {
        if (!isNode || catalogue.find(findNode(graph, selected)?.type ?? "")?.structure === "trigger") return;
        handled();
        return void (event.shiftKey ? run.startAt(selected, "alone") : run.startTo(selected));
      }
      case "/":
        handled();
        return isNode ? openNext(selected) : palette.openAnywhere();
    }
  };

  function openNext(id: string | undefined): void {
    const port = id === undefined ? undefined : nextPort(graphOf(builder.get()), catalogue, id);
    if (id === undefined || port === undefined) palette.openAnywhere();
    else palette.openAfter(id, port);
  }
}
