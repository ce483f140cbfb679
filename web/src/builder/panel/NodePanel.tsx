// The panel of one node: its settings, what happens on an error, its last run, its notes.
import type { TFunction } from "i18next";
import { X } from "lucide-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../../ui/IconButton.tsx";
import { Tabs } from "../../ui/Tabs.tsx";
import { findNode, type NodeDefinition } from "../graph/graph.ts";
import {
  useBuilder,
  useBuilderState,
  useCatalogue,
  useGraph,
  useProblems,
} from "../state/BuilderContext.tsx";
import type { PanelTab } from "../state/store.ts";
import type { NodeTypeView } from "../types/nodeTypes.ts";
import { LastRunTab } from "./LastRunTab.tsx";
import { NodeMenu } from "./NodeMenu.tsx";
import { NodeName } from "./NodeName.tsx";
import { NodeRunBar } from "./NodeRunBar.tsx";
import { NotesTab } from "./NotesTab.tsx";
import { OnErrorTab } from "./OnErrorTab.tsx";
import { PanelFrame } from "./PanelFrame.tsx";
import { SettingsTab } from "./SettingsTab.tsx";
import { hasTestAddress, TestCallBar } from "./TestCallBar.tsx";
import { useEnterPanel } from "./useEnterPanel.ts";

export function NodePanel() {
  const id = useBuilderState((state) => state.openNode);
  const graph = useGraph();
  const node = id === null ? undefined : findNode(graph, id);
  return node ? <Panel key={node.id} node={node} /> : null;
}

function Panel({ node }: { node: NodeDefinition }) {
  const { t } = useTranslation("builder");
  const builder = useBuilder();
  const view = useCatalogue().find(node.type);
  const tab = useBuilderState((state) => state.tab);
  const problems = useProblems();
  const isTrigger = view?.structure === "trigger";
  const inSettings = problems.filter(
    (one) => one.node === node.id && !one.path.includes("/errorHandling"),
  ).length;
  const tabs = [
    {
      value: "settings",
      label: t("panel.settings"),
      count: inSettings,
      content: <SettingsTab node={node} />,
    },
    ...(isTrigger
      ? []
      : [{ value: "onError", label: t("panel.onError"), count: 0, content: <OnErrorTab node={node} /> }]),
    { value: "lastRun", label: t("panel.lastRun"), count: 0, content: <LastRunTab node={node} /> },
    { value: "notes", label: t("panel.notes"), count: 0, content: <NotesTab node={node} /> },
  ];
  const shown = tabs.some(({ value }) => value === tab) ? tab : "settings";
  const frame = useRef<HTMLElement>(null);
  useEnterPanel(frame);
  return (
    <PanelFrame
      ref={frame}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented) return;
        builder.open(null);
        document.getElementById("builder-canvas")?.focus({ preventScroll: true });
      }}
    >
      <div className="flex items-start gap-1 ps-4 pe-2 pt-3">
        <div className="min-w-0 flex-1">
          <NodeName node={node} />
          <p className="text-muted text-xs" title={view?.description}>
            {view ? kindOf(view, t) : t("panel.unknownType", { type: node.type })}
          </p>
        </div>
        <NodeMenu node={node} />
        <IconButton icon={X} size="small" label={t("panel.close")} onClick={() => builder.open(null)} />
      </div>
      {!isTrigger && <NodeRunBar node={node} />}
      {hasTestAddress(node.type) && <TestCallBar node={node} />}
      <Tabs
        label={t("panel.tabs")}
        value={shown}
        onChange={(next) => builder.set({ tab: next as PanelTab })}
        className="flex-1 pt-1 [&>div:first-child]:px-4"
        contentClassName="flex-1 overflow-y-auto px-4 pb-6"
        tabs={tabs.map(({ count, label, ...rest }) => ({
          ...rest,
          label: count > 0 ? <TabWithCount label={label} count={count} /> : label,
        }))}
      />
    </PanelFrame>
  );
}

/** That something only computes goes without saying. */
function kindOf({ name, effect }: NodeTypeView, t: TFunction<"builder">): string {
  return effect === "pure" ? name : t("panel.kind", { name, effect: t(`effects.${effect}`) });
}

function TabWithCount({ label, count }: { label: string; count: number }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      {label}
      <span className="rounded-full bg-fail-soft px-1.5 text-2xs text-fail">{count}</span>
    </span>
  );
}
