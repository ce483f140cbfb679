// The builder: header, canvas (or list), side panel, result panel, and what is shared among them.
import { useReactFlow } from "@xyflow/react";
import { lazy, type ReactNode, Suspense, useDeferredValue, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { paths } from "../paths.ts";
import { useTold } from "../problems/useTold.ts";
import { Page } from "../shell/Page.tsx";
import { Canvas } from "./canvas/Canvas.tsx";
import { Empty } from "./canvas/Empty.tsx";
import { SelectionBar } from "./canvas/SelectionBar.tsx";
import { Toolbar } from "./canvas/Toolbar.tsx";
import { BuilderDialogs } from "./header/BuilderDialogs.tsx";
import { type DialogName, DialogsContext } from "./header/dialogs.ts";
import { Header } from "./header/Header.tsx";
import { RefusalBanner } from "./header/RefusalBanner.tsx";
import { SavedMark } from "./header/SavedMark.tsx";
import { ListView } from "./list/ListView.tsx";
import { Palette } from "./palette/Palette.tsx";
import { type PaletteAsk, PaletteContext } from "./palette/usePalette.ts";
import { ComingPanel } from "./panel/ComingPanel.tsx";
import { nodeStates } from "./run/nodeStates.ts";
import { ResultPanel } from "./run/ResultPanel.tsx";
import { NodeStatesContext } from "./run/useNodeStates.ts";
import { RunContext } from "./run/useRun.ts";
import { useShownExecution } from "./run/useShownExecution.ts";
import { useStartRun } from "./run/useStartRun.ts";
import { BuilderProvider, ProblemsProvider, useBuilderState } from "./state/BuilderContext.tsx";
import type { Workflow } from "./state/startBuilder.ts";
import { type Builder, graphOf } from "./state/store.ts";
import { useAddress } from "./state/useAddress.ts";
import { useAllProblems } from "./state/useAllProblems.ts";
import { useKeeping } from "./state/useKeeping.ts";
import { useLoadExecution } from "./state/useLoadExecution.ts";
import { Tour } from "./tour/Tour.tsx";
import type { Catalogue } from "./types/nodeTypes.ts";
import { useBuilderCommands } from "./useBuilderCommands.ts";

// Forms and their code editors are the larger half of the builder, and the canvas can be looked at without them.
const loadPanel = () => import("./panel/NodePanel.tsx");
const NodePanel = lazy(async () => ({ default: (await loadPanel()).NodePanel }));

type Props = { builder: Builder; catalogue: Catalogue; workflow: Workflow };

export function BuilderRoom({ builder, catalogue, workflow }: Props) {
  return (
    <BuilderProvider builder={builder} catalogue={catalogue}>
      <Inside builder={builder} workflow={workflow} />
    </BuilderProvider>
  );
}

function Inside({ builder, workflow }: { builder: Builder; workflow: Workflow }) {
  const saveNow = useKeeping(builder);
  const execution = useShownExecution();
  const states = useMemo(() => nodeStates(execution), [execution]);
  const [ask, setAsk] = useState<PaletteAsk | null>(null);
  const [dialog, setDialog] = useState<DialogName | null>(null);
  const palette = useMemo(
    () => ({
      ask,
      openAnywhere: (category?: "trigger") => setAsk({ kind: "anywhere", ...(category ? { category } : {}) }),
      openAfter: (node: string, port: string, at?: { x: number; y: number }) =>
        setAsk({ kind: "after", node, port, ...(at ? { at } : {}) }),
      openInside: (
        frame: { parent: string; section: "body" | "catch" | "finally" | "compensation" } | null,
      ) => setAsk({ kind: "inside", frame }),
      openAttach: (node: string, input: string) => setAsk({ kind: "attach", node, input }),
      close: () => setAsk(null),
    }),
    [ask],
  );
  const dialogs = useMemo(() => ({ dialog, open: setDialog, close: () => setDialog(null) }), [dialog]);
  const run = useStartRun(saveNow, execution);
  return (
    <Problems>
      <NodeStatesContext value={states}>
        <PaletteContext value={palette}>
          <DialogsContext value={dialogs}>
            <RunContext value={{ execution, ...run }}>
              <Layout workflow={workflow} saveNow={saveNow} />
            </RunContext>
          </DialogsContext>
        </PaletteContext>
      </NodeStatesContext>
    </Problems>
  );
}

/** By itself, so that what follows every letter draws only who reads it. */
function Problems({ children }: { children: ReactNode }) {
  const found = useAllProblems();
  const tell = useTold();
  const problems = useMemo(() => found.map(tell), [found, tell]);
  return <ProblemsProvider value={problems}>{children}</ProblemsProvider>;
}

function Layout({ workflow, saveNow }: { workflow: Workflow; saveNow(): Promise<void> }) {
  const { t } = useTranslation("builder");
  const flow = useReactFlow();
  const name = useDeferredValue(useBuilderState((state) => graphOf(state).name));
  const isEmpty = useBuilderState((state) => graphOf(state).nodes.length === 0);
  const isPanelOpen = useBuilderState((state) => state.openNode !== null);
  const [isList, setIsList] = useState(false);
  useBuilderCommands(saveNow);
  useAddress();
  useLoadExecution();
  // Here by the time somebody opens a node, after what is seen first.
  useEffect(() => void loadPanel().catch(() => undefined), []);
  const centre = () => {
    const pane = document.getElementById("builder-canvas")?.getBoundingClientRect();
    return pane
      ? flow.screenToFlowPosition({ x: pane.left + pane.width / 2, y: pane.top + pane.height / 2 })
      : { x: 0, y: 0 };
  };
  return (
    <Page
      title={name}
      crumbs={[{ label: t("workflows"), to: paths.workflows() }]}
      aside={<SavedMark saveNow={saveNow} />}
      actions={<Header workflow={workflow} isList={isList} onList={setIsList} />}
      flush
    >
      <RefusalBanner />
      <div className="relative flex min-h-0 flex-1">
        <div className="flex min-w-0 flex-1 flex-col">
          <div className="relative flex min-h-0 flex-1">
            {isList ? <ListView /> : <Canvas />}
            {isEmpty && !isList && <Empty />}
            {!isList && <Toolbar />}
            {!isList && <SelectionBar />}
            <Palette centre={centre} />
            <Tour workflow={workflow} />
          </div>
          <ResultPanel />
        </div>
        {isPanelOpen && (
          <Suspense fallback={<ComingPanel />}>
            <NodePanel />
          </Suspense>
        )}
      </div>
      <BuilderDialogs workflow={workflow} saveNow={saveNow} />
    </Page>
  );
}
