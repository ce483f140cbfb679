// Keeps the work: in this browser at once, on the server a moment after the last change. Never over somebody else's
// changes: the server is given the etag of the draft that was read, and a refusal (409) opens the conflict. What the
// server does not take for another reason is said, and tried again with the next change.
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import { ApiError } from "../../api/apiError.ts";
import { request } from "../../api/request.ts";
import { workflowKeys } from "../../api/workflows.ts";
import { createMemory } from "./memory.ts";
import type { Workflow } from "./startBuilder.ts";
import { type Builder, graphOf, type SaveRefusal } from "./store.ts";

const PAUSE_MS = 800;
const TRY_AGAIN_MS = 5_000;

export type SaveNow = () => Promise<void>;

/** Two saves at the same time would make a conflict with oneself, so one waits for the other. */
const saves = new WeakMap<Builder, Promise<void>>();

export function useKeeping(builder: Builder): SaveNow {
  const client = useQueryClient();
  const saveNow = useCallback(async () => {
    await saves.get(builder);
    const saving = save(builder, (reply, graph) => {
      client.setQueryData<Workflow>(workflowKeys.one(builder.get().workflowId), (known) =>
        known === undefined
          ? known
          : {
              ...known,
              ...reply,
              name: graph.name,
              definition: graph as Workflow["definition"],
              draftChanged: true,
            },
      );
    });
    saves.set(builder, saving);
    await saving;
  }, [builder, client]);

  // The store lives outside of React; this is where its changes reach the disk and the server.
  useEffect(() => {
    const remember = createMemory(builder.get().workflowId);
    let timer: ReturnType<typeof setTimeout> | undefined;
    let kept = builder.get();
    const later = (ms: number) => {
      clearTimeout(timer);
      timer = setTimeout(saveNow, ms);
    };
    const keep = () => {
      const state = builder.get();
      if (state.history === kept.history && state.etag === kept.etag && state.saving === kept.saving) return;
      const isFailed = state.saving === "failed" && kept.saving !== "failed";
      const isChanged = state.history !== kept.history;
      kept = state;
      void remember({ history: state.history, etag: state.etag, isSaved: state.saving === "saved" });
      if (isFailed) later(TRY_AGAIN_MS);
      else if (isChanged && state.saving !== "saved") later(PAUSE_MS);
    };
    void remember({ history: kept.history, etag: kept.etag, isSaved: kept.saving === "saved" });
    if (kept.saving === "unsaved") later(PAUSE_MS);
    const end = builder.subscribe(keep);
    return () => {
      end();
      clearTimeout(timer);
      if (builder.get().saving === "unsaved") void saveNow();
    };
  }, [builder, saveNow]);

  return saveNow;
}

type Reply = { etag: string; problems: Workflow["problems"] };

async function save(
  builder: Builder,
  onSaved: (reply: Reply, graph: Workflow["definition"]) => void,
): Promise<void> {
  const { workflowId, etag, saving } = builder.get();
  const graph = graphOf(builder.get());
  if (saving === "conflict" || graph === builder.get().stored) return;
  builder.set({ saving: "saving" });
  try {
    const reply = await request("put /api/v1/workflows/:id/draft", {
      params: { id: workflowId },
      headers: { "if-match": etag },
      body: graph,
    });
    onSaved(reply, graph as Workflow["definition"]);
    const isStill = graphOf(builder.get()) === graph;
    builder.set({ etag: reply.etag, stored: graph, saving: isStill ? "saved" : "unsaved", refusal: null });
  } catch (error) {
    if (error instanceof ApiError && error.status === 409) return builder.set({ saving: "conflict" });
    const refusal = refusalOf(error);
    builder.set(refusal ? { saving: "refused", refusal } : { saving: "failed" });
  }
}

/** Nothing that waiting would mend: 401 leads to the sign-in, 408 and 429 pass. */
function refusalOf(error: unknown): SaveRefusal | undefined {
  if (!(error instanceof ApiError) || ![400, 403, 404, 413, 422].includes(error.status)) return undefined;
  return { isRight: error.status === 403, message: error.message, remedy: error.remedy };
}
