// Why this node is as it is, for those who come later.
import { useTranslation } from "react-i18next";
import { Field } from "../../ui/Field.tsx";
import { Textarea } from "../../ui/Textarea.tsx";
import type { NodeDefinition } from "../graph/graph.ts";
import { setNode } from "../graph/nodes.ts";
import { useBuilder } from "../state/BuilderContext.tsx";

export function NotesTab({ node }: { node: NodeDefinition }) {
  const { t } = useTranslation("builder");
  const builder = useBuilder();
  return (
    <Field label={t("panel.notes")} help={t("panel.notesHelp")}>
      {(ids) => (
        <Textarea
          {...ids}
          rows={8}
          value={node.notes ?? ""}
          onChange={(event) => {
            const notes = event.target.value === "" ? undefined : event.target.value;
            builder.edit("notes", (before) => setNode(before, node.id, { notes }), `notes ${node.id}`);
          }}
        />
      )}
    </Field>
  );
}
