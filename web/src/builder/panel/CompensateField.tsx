// In a saga: which node undoes this one.
import { useTranslation } from "react-i18next";
import { Field } from "../../ui/Field.tsx";
import { Select } from "../../ui/Select.tsx";
import { findNode, type Graph, type NodeDefinition, nameOf } from "../graph/graph.ts";
import { useGraph } from "../state/BuilderContext.tsx";

const NONE = "none";

type CompensateFieldProps = { node: NodeDefinition; onChange(compensate: string | undefined): void };

export function CompensateField({ node, onChange }: CompensateFieldProps) {
  const { t } = useTranslation("builder");
  const graph = useGraph();
  const undoing = undoingNodes(graph, node);
  if (node.section === "compensation" || (undoing.length === 0 && node.compensate === undefined)) return null;
  return (
    <Field label={t("panel.compensate")} help={t("panel.compensateHelp")}>
      {(ids) => (
        <Select
          {...ids}
          value={node.compensate ?? NONE}
          options={[
            { value: NONE, label: t("panel.compensateNone") },
            ...undoing.map((one) => ({ value: one.id, label: nameOf(one) })),
          ]}
          onChange={(next) => onChange(next === NONE ? undefined : next)}
        />
      )}
    </Field>
  );
}

function undoingNodes(graph: Graph, node: NodeDefinition): NodeDefinition[] {
  const around = new Set<string>();
  for (let at = node.parent; at !== undefined && !around.has(at); at = findNode(graph, at)?.parent)
    around.add(at);
  return graph.nodes.filter((one) => one.section === "compensation" && around.has(one.parent ?? ""));
}
