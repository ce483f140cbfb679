// The rules of a decision table, as a table: here in the panel, and as large as the screen allows.
import { isObject, type Json, type JsonObject } from "@auraos/kernel";
import { Maximize2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConditionHelp } from "../../decisionTable/ConditionHelp.tsx";
import type { ColumnType } from "../../decisionTable/cellText.ts";
import { DecisionTable, type RuleProblem, type TableColumn } from "../../decisionTable/DecisionTable.tsx";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { useSurroundings } from "./fieldContext.ts";
import type { ControlProps } from "./SchemaField.tsx";

const policies = ["first", "unique", "priority", "collect"] as const;

export function DecisionTableField({ path, value, onChange }: ControlProps) {
  const { t } = useTranslation("decisionTable");
  const { config = {}, problems, focus } = useSurroundings();
  const [isLarge, setIsLarge] = useState(false);
  const columns = columnsOf(config.columns);
  const rules = (Array.isArray(value) ? value : []).map((one) => (isObject(one) ? one : {}) as JsonObject);
  const hits = policies.find((one) => one === config.hits) ?? "first";
  const table = (
    <DecisionTable
      columns={columns}
      rules={rules}
      hits={hits}
      problems={problems.flatMap(({ field, message, remedy }): RuleProblem[] => {
        const rule = ruleOf(field, path);
        return rule === undefined ? [] : [{ rule, message, remedy }];
      })}
      chosen={ruleOf(focus?.field, path)}
      onChange={onChange}
    />
  );
  if (columns.length === 0 && rules.length === 0)
    return <p className="text-muted text-xs">{t("noColumns")}</p>;
  return (
    <div className="grid gap-2">
      <p className="text-muted text-xs">{t(`policy.${hits}`)}</p>
      {!isLarge && table}
      <Button size="small" className="justify-self-start" onClick={() => setIsLarge(true)}>
        <Maximize2 aria-hidden className="size-3.5" />
        {t("large")}
      </Button>
      <ConditionHelp />
      <Dialog
        open={isLarge}
        onOpenChange={setIsLarge}
        title={t("title")}
        description={t(`policy.${hits}`)}
        width="wide"
      >
        {table}
        <ConditionHelp />
      </Dialog>
    </div>
  );
}

function columnsOf(given: Json | undefined): TableColumn[] {
  if (!Array.isArray(given)) return [];
  return given.flatMap((one): TableColumn[] => {
    const { name, type } = (isObject(one) ? one : {}) as JsonObject;
    if (typeof name !== "string" || name === "") return [];
    return [{ name, type: (typeof type === "string" ? type : "text") as ColumnType }];
  });
}

/** The rule that a field such as `rules.2.when.total` is of. */
function ruleOf(field: string | undefined, path: string): number | undefined {
  const number = field?.startsWith(`${path}.`)
    ? Number(field.slice(path.length + 1).split(".")[0])
    : Number.NaN;
  return Number.isInteger(number) ? number : undefined;
}
