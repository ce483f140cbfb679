// A note on the canvas, for those who come later. Double click to write.
import { type NodeProps, NodeResizer } from "@xyflow/react";
import { memo, useState } from "react";
import { useTranslation } from "react-i18next";
import { classes } from "../../ui/classes.ts";
import type { NoteTone } from "../graph/graph.ts";
import { setNote } from "../graph/notes.ts";
import { useBuilder } from "../state/BuilderContext.tsx";
import type { NoteNode } from "./flow.ts";

const tones: Record<NoteTone, string> = {
  yellow: "border-wait-fill/40 bg-wait-soft",
  blue: "border-run-fill/40 bg-run-soft",
  green: "border-ok-fill/40 bg-ok-soft",
  red: "border-fail-fill/40 bg-fail-soft",
};

export const NoteCard = memo(function NoteCard({ data, selected }: NodeProps<NoteNode>) {
  const { note } = data;
  const { t } = useTranslation("builder");
  const builder = useBuilder();
  const [isWriting, setIsWriting] = useState(note.text === "");
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a shortcut; React Flow makes the note what can be selected
    <div
      style={{ width: note.width, height: note.height }}
      onDoubleClick={() => setIsWriting(true)}
      className={classes(
        "rounded-md border p-2.5 text-xs",
        tones[note.tone ?? "yellow"],
        selected && "ring-2 ring-accent",
      )}
    >
      <NodeResizer
        isVisible={selected === true}
        minWidth={120}
        minHeight={56}
        onResizeEnd={(_, { x, y, width, height }) =>
          builder.edit("note", (graph) =>
            setNote(graph, note.id, {
              position: { x: Math.round(x), y: Math.round(y) },
              width: Math.round(width),
              height: Math.round(height),
            }),
          )
        }
      />
      {isWriting ? (
        <textarea
          // biome-ignore lint/a11y/noAutofocus: the person has just asked to write here
          autoFocus
          defaultValue={note.text}
          aria-label={t("notes.label")}
          placeholder={t("notes.placeholder")}
          onBlur={(event) => {
            const text = event.target.value;
            builder.edit("note", (graph) => setNote(graph, note.id, { text }));
            setIsWriting(false);
          }}
          onKeyDown={(event) => {
            event.stopPropagation();
            if (event.key === "Escape") event.currentTarget.blur();
          }}
          className="nodrag nowheel h-full w-full resize-none bg-transparent outline-none"
        />
      ) : (
        <p className="h-full overflow-hidden whitespace-pre-wrap">{note.text || t("notes.placeholder")}</p>
      )}
    </div>
  );
});
