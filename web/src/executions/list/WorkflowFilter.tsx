// Executions of one workflow.
import { useTranslation } from "react-i18next";
import { WorkflowSelect } from "../../pick/WorkflowSelect.tsx";

const ANY = "any";

export function WorkflowFilter({ value, onChange }: { value: string; onChange(value: string): void }) {
  const { t } = useTranslation("executions");
  return (
    <WorkflowSelect
      aria-label={t("filter.workflow")}
      className="w-[calc(50%-0.25rem)] sm:w-44"
      value={value === "" ? ANY : value}
      onChange={(next) => onChange(next === ANY ? "" : next)}
      first={{ value: ANY, label: t("filter.anyWorkflow") }}
    />
  );
}
