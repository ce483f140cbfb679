// What one open builder knows. A store outside of React, so that the canvas can read the newest graph in the middle of
// a drag and a component is drawn anew only when its own part changed.
import { findNode, type Graph, withDescendants } from "../graph/graph.ts";
import { commit, type History, redo, undo } from "../graph/history.ts";

export type Saving = "saved" | "unsaved" | "saving" | "failed" | "refused" | "conflict";

/** Why the server does not take the draft: the right is gone, or something in it. */
export type SaveRefusal = { isRight: boolean; message: string; remedy: string };

export type FieldFocus = { node: string; field: string; position?: number };

export type PanelTab = "settings" | "onError" | "lastRun" | "notes";

export type BuilderState = {
  workflowId: string;
  history: History;
  /** Nodes and notes. */
  selection: ReadonlySet<string>;
  /** Wires, by connectionKey. */
  wires: ReadonlySet<string>;
  openNode: string | null;
  tab: PanelTab;
  /** Where a problem was clicked. */
  focus: FieldFocus | null;
  /** Somebody goes into the form of the open node by key: what they typed before it was there. Null once they are inside. */
  typedAhead: string | null;
  collapsed: ReadonlySet<string>;
  etag: string;
  /** The graph as the server has it. */
  stored: Graph;
  saving: Saving;
  refusal: SaveRefusal | null;
  /** The execution whose data is shown. */
  executionId: string | null;
};

export type Builder = {
  get(): BuilderState;
  set(fields: Partial<BuilderState>): void;
  subscribe(listener: () => void): () => void;
  /** One step of the history; `label` is its text key. */
  edit(label: string, change: (graph: Graph) => Graph, merge?: string): void;
  undo(): void;
  redo(): void;
  select(ids: Iterable<string>): void;
  open(id: string | null, tab?: PanelTab): void;
  /** Open, with the focus in its form as soon as that is there. */
  enter(id: string): void;
};

export type Start = { workflowId: string; history: History; etag: string; stored: Graph };

export function createBuilder(start: Start): Builder {
  const listeners = new Set<() => void>();
  let state: BuilderState = {
    ...start,
    selection: new Set(),
    wires: new Set(),
    openNode: null,
    tab: "settings",
    focus: null,
    typedAhead: null,
    collapsed: new Set(),
    saving: start.history.present === start.stored ? "saved" : "unsaved",
    refusal: null,
    executionId: null,
  };

  function set(fields: Partial<BuilderState>): void {
    state = { ...state, ...fields };
    for (const listener of listeners) listener();
  }

  function show(history: History): void {
    if (history === state.history) return;
    const isStored = history.present === state.stored;
    set({
      history,
      ...forgetGone(history.present),
      ...(state.saving === "conflict" ? {} : { saving: isStored ? "saved" : "unsaved" }),
    });
  }

  /** What was removed is neither selected nor open. */
  function forgetGone(graph: Graph): Partial<BuilderState> {
    const ids = new Set([...graph.nodes, ...(graph.notes ?? [])].map(({ id }) => id));
    const selection = [...state.selection].filter((id) => ids.has(id));
    return {
      ...(selection.length === state.selection.size ? {} : { selection: new Set(selection) }),
      ...(state.openNode === null || ids.has(state.openNode) ? {} : { openNode: null }),
    };
  }

  function open(id: string | null, tab?: PanelTab): void {
    if (id === null) return set({ openNode: null, focus: null, typedAhead: null });
    set({
      openNode: id,
      selection: new Set([id]),
      wires: new Set(),
      focus: null,
      typedAhead: null,
      ...(tab ? { tab } : {}),
    });
  }

  return {
    get: () => state,
    set,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    edit(label, change, merge) {
      const next = change(state.history.present);
      if (next === state.history.present) return;
      const about = { label, atMs: Date.now(), ...(merge === undefined ? {} : { merge }) };
      show(commit(state.history, next, about));
    },
    undo: () => show(undo(state.history)),
    redo: () => show(redo(state.history)),
    select(ids) {
      const selection = new Set(ids);
      const [only] = selection;
      const isFollowing = state.openNode !== null && selection.size === 1 && only !== undefined;
      const openNode = isFollowing && findNode(state.history.present, only) ? only : state.openNode;
      set({
        selection,
        wires: new Set(),
        openNode: selection.size === 0 ? null : openNode,
        focus: null,
        typedAhead: null,
      });
    },
    open,
    enter(id) {
      open(id);
      set({ typedAhead: "" });
    },
  };
}

export function graphOf(state: BuilderState): Graph {
  return state.history.present;
}

/** The selected nodes with what is inside them. */
export function selectedNodes(state: BuilderState): Set<string> {
  return withDescendants(
    graphOf(state),
    [...state.selection].filter((id) => findNode(graphOf(state), id)),
  );
}
