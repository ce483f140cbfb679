// The node's config as a form, with the data of the last run behind its expressions.
import type { JsonObject } from "@auraos/kernel";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useTold } from "../../problems/useTold.ts";
import { JsonEditor } from "../code/JsonEditor.tsx";
import { useScope } from "../data/useScope.ts";
import { ConfigForm } from "../form/ConfigForm.tsx";
import { FieldContext } from "../form/fieldContext.ts";
import { type Graph, type NodeDefinition, nameOf } from "../graph/graph.ts";
import { setConfig, setNode } from "../graph/nodes.ts";
import {
  useBuilder,
  useBuilderState,
  useCatalogue,
  useGraph,
  useProblems,
} from "../state/BuilderContext.tsx";
import { isBlock, type NodeTypeView } from "../types/nodeTypes.ts";
import type { Schema } from "../types/schema.ts";
import { CompensateField } from "./CompensateField.tsx";

export function SettingsTab({ node }: { node: NodeDefinition }) {
  const { t } = useTranslation("builder");
  const builder = useBuilder();
  const graph = useGraph();
  const view = useCatalogue().find(node.type);
  const all = useProblems();
  const focused = useBuilderState((state) => state.focus);
  const { scope, names } = useScope(node.id);
  const mode = graph.settings?.expressions ?? "strict";
  const choices = useChoices(graph, node, view);
  const tell = useTold();
  const surroundings = useMemo(
    () => ({
      problems: all.filter((one) => one.node === node.id),
      expressions: { mode, scope: () => scope, names: () => names, tell },
      rawFields: view?.rawFields ?? [],
      focus: focused?.node === node.id ? focused : null,
      choices,
      config: node.config,
      example: (view?.example ?? {}) as JsonObject,
    }),
    [all, node.id, node.config, mode, scope, names, tell, view, focused, choices],
  );
  const loose = surroundings.problems.filter((one) => one.field === undefined || one.field === "");

  const change = (config: JsonObject, field: string) =>
    builder.edit("config", (before) => setConfig(before, node.id, config), `config ${node.id} ${field}`);

  return (
    <div className="grid gap-4">
      {loose.map((one) => (
        <p key={one.code + one.path} className="rounded-md bg-fail-soft px-3 py-2 text-fail text-xs">
          {one.message} {one.remedy}
        </p>
      ))}
      {view ? (
        <FieldContext value={surroundings}>
          {Object.keys((view.schema as Schema).properties ?? {}).length === 0 && (
            <p className="text-muted text-sm">{t("panel.nothingToSet")}</p>
          )}
          <ConfigForm schema={view.schema as Schema} value={node.config} onChange={change} />
        </FieldContext>
      ) : (
        <JsonEditor
          label={t("panel.config")}
          value={node.config}
          onChange={(config) => change((config ?? {}) as JsonObject, "")}
        />
      )}
      <CompensateField
        node={node}
        onChange={(compensate) =>
          builder.edit("config", (before) => setNode(before, node.id, { compensate }))
        }
      />
    </div>
  );
}

/** Fields whose values come from the workflow itself. */
function useChoices(graph: Graph, node: NodeDefinition, view: NodeTypeView | undefined) {
  return useMemo(() => {
    const choices = new Map<string, readonly { value: string; label: string }[]>();
    if (isBlock(view)) {
      const body = graph.nodes.filter((one) => one.parent === node.id && (one.section ?? "body") === "body");
      choices.set(
        "result",
        body.map((one) => ({ value: one.id, label: nameOf(one) })),
      );
    }
    return choices;
  }, [graph, node.id, view]);
}
