// What happens when the node fails, and how it waits for the wires that lead to it.
import type { Json, JsonObject } from "@auraos/kernel";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { ConfigForm } from "../form/ConfigForm.tsx";
import { FieldContext } from "../form/fieldContext.ts";
import type { NodeDefinition } from "../graph/graph.ts";
import { setNode } from "../graph/nodes.ts";
import { useBuilder, useBuilderState, useProblems } from "../state/BuilderContext.tsx";
import { errorSchema } from "./errorSchema.ts";

const own = ["join", "losers", "alwaysOutput"] as const;

export function OnErrorTab({ node }: { node: NodeDefinition }) {
  const { t } = useTranslation("builder");
  const builder = useBuilder();
  const all = useProblems();
  const focus = useBuilderState((state) => state.focus);
  const schema = useMemo(
    () => errorSchema(t, node.errorHandling?.onError === "fallback"),
    [t, node.errorHandling?.onError],
  );
  const surroundings = useMemo(
    () => ({
      problems: all
        .filter((one) => one.node === node.id)
        .map((one) => ({ ...one, field: fieldOf(one.path) })),
      expressions: undefined,
      rawFields: [],
      focus: focus?.node === node.id ? focus : null,
      choices: new Map(),
      example: {},
    }),
    [all, node.id, focus],
  );
  const value: JsonObject = {
    ...(node.errorHandling as JsonObject | undefined),
    ...Object.fromEntries(
      own.flatMap((field): [string, Json][] =>
        node[field] === undefined ? [] : [[field, node[field] as Json]],
      ),
    ),
  };
  const change = (next: JsonObject, field: string) => {
    const { join, losers, alwaysOutput, ...handling } = next;
    const errorHandling = Object.keys(handling).length === 0 ? undefined : handling;
    builder.edit(
      "onError",
      (before) =>
        setNode(before, node.id, { errorHandling, join, losers, alwaysOutput } as Partial<NodeDefinition>),
      `onError ${node.id} ${field}`,
    );
  };
  return (
    <FieldContext value={surroundings}>
      <p className="mb-3 text-muted text-xs">{t("onError.order")}</p>
      <ConfigForm schema={schema} value={value} onChange={change} />
    </FieldContext>
  );
}

/** `/nodes/3/errorHandling/retry/attempts` -> `retry.attempts` */
function fieldOf(path: string): string {
  return path
    .split("/")
    .slice(3)
    .filter((step) => step !== "errorHandling")
    .join(".");
}
