// The name, to be changed where it stands. Expressions that use it follow.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "../../ui/toasts.ts";
import { type NodeDefinition, nameOf } from "../graph/graph.ts";
import { renameNode, takenNames } from "../graph/names.ts";
import { useBuilder, useGraph } from "../state/BuilderContext.tsx";

export function NodeName({ node }: { node: NodeDefinition }) {
  const { t } = useTranslation("builder");
  const builder = useBuilder();
  const graph = useGraph();
  const [typed, setTyped] = useState<string>();
  const takeOver = () => {
    const name = (typed ?? "").trim();
    setTyped(undefined);
    if (name === "" || name === nameOf(node)) return;
    if (takenNames(graph).has(name)) return void toast.info(t("panel.nameTaken", { name }));
    builder.edit("rename", (before) => renameNode(before, node.id, name));
  };
  return (
    <h2 className="font-semibold text-base">
      <input
        aria-label={t("panel.name")}
        value={typed ?? nameOf(node)}
        spellCheck={false}
        dir="auto"
        onChange={(event) => setTyped(event.target.value)}
        onBlur={takeOver}
        onKeyDown={(event) => {
          if (event.key === "Enter") event.currentTarget.blur();
          if (event.key !== "Escape") return;
          event.stopPropagation();
          setTyped(undefined);
        }}
        className="-ms-1.5 w-full truncate rounded-sm bg-transparent px-1.5 hover:bg-hover focus:bg-transparent rtl:text-right"
      />
    </h2>
  );
}
