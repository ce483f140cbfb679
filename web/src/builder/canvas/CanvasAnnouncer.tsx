// Says what is selected to those who hear the page, and shows what is being connected.
import { useTranslation } from "react-i18next";
import { KeyHint } from "../../ui/KeyHint.tsx";
import { findNode, nameOf } from "../graph/graph.ts";
import { useNodeStates } from "../run/useNodeStates.ts";
import { useBuilderState, useCatalogue, useGraph } from "../state/BuilderContext.tsx";
import type { Connecting } from "./useCanvasKeys.ts";

export function CanvasAnnouncer({ connecting }: { connecting: Connecting }) {
  const { t } = useTranslation(["builder", "ui"]);
  const graph = useGraph();
  const catalogue = useCatalogue();
  const states = useNodeStates();
  const selection = useBuilderState((state) => state.selection);
  const [first] = selection;
  const node = first === undefined ? undefined : findNode(graph, first);
  const from = connecting ? findNode(graph, connecting.from) : undefined;
  const state = node ? states.get(node.id) : undefined;
  const words = [
    node ? nameOf(node) : "",
    node ? (catalogue.find(node.type)?.name ?? node.type) : "",
    state ? t(`ui:status.${state.status}`) : "",
  ];
  return (
    <>
      <p aria-live="polite" className="sr-only">
        {selection.size > 1
          ? t("canvas.selected", { count: selection.size })
          : words.filter(Boolean).join(", ")}
      </p>
      {from && (
        <p
          role="status"
          className="absolute inset-x-0 top-3 z-10 mx-auto flex w-fit items-center gap-2 rounded-md border border-accent bg-panel px-3 py-1.5 text-xs shadow-over"
        >
          {t("canvas.connecting", { name: nameOf(from), port: connecting?.port })}
          <KeyHint keys="Enter" />
          <KeyHint keys="Esc" />
        </p>
      )}
    </>
  );
}
