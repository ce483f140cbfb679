// What the execution was given and what it gave, when no step is chosen. What it gave comes first once it is there: that is
// what it was for.
import type { Execution } from "@auraos/contract";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Tabs } from "../../ui/Tabs.tsx";
import { isOpen } from "../executionCan.ts";
import { ItemsView } from "./ItemsView.tsx";

export function WholePanel({ execution }: { execution: Execution }) {
  const { t } = useTranslation("executions");
  const { id, input, inputLeftOut, output, outputLeftOut, reply } = execution;
  const gaveSomething = reply !== null || outputLeftOut === true || output !== null;
  const [chosen, setChosen] = useState<"in" | "out">();
  const tab = chosen ?? (gaveSomething ? "out" : "in");
  return (
    <div className="grid gap-3">
      <h2 className="font-semibold text-lg">{t("data.execution")}</h2>
      <Tabs
        label={t("data.label")}
        value={tab}
        onChange={(next) => setChosen(next === "in" ? "in" : "out")}
        tabs={[
          {
            value: "in",
            label: t("data.input"),
            content: (
              <Value value={input} isLeftOut={inputLeftOut} address={`/api/v1/executions/${id}/input`} />
            ),
          },
          {
            value: "out",
            label: reply ? t("data.reply", { status: reply.status }) : t("data.output"),
            content:
              isOpen(execution) && !reply ? (
                <p className="text-muted">{t("data.notEnded")}</p>
              ) : (
                <Value value={output} isLeftOut={outputLeftOut} address={`/api/v1/executions/${id}/output`} />
              ),
          },
        ]}
      />
    </div>
  );
}

type ValueProps = { value: unknown; isLeftOut: boolean | undefined; address: string };

function Value({ value, isLeftOut = false, address }: ValueProps) {
  const { t } = useTranslation("executions");
  if (isLeftOut) return <p className="text-muted">{t("data.tooLarge", { address })}</p>;
  const items = Array.isArray(value) ? value : [value];
  if (items.length === 0) return <p className="text-muted">{t("data.none")}</p>;
  return (
    <ItemsView
      total={items.length}
      items={items.slice(0, 100).map((json: unknown, index) => ({ index, json }))}
    />
  );
}
