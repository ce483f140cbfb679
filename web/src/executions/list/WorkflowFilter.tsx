// Executions of one workflow.
import { useTranslation } from "react-i18next";
import { useWorkflows } from "../../api/workflows.ts";
import { Select } from "../../ui/Select.tsx";

const ANY = "any";

export function WorkflowFilter({ value, onChange }: { value: string; onChange(value: string): void }) {
  const { t } = useTranslation("executions");
  const { data } = useWorkflows();
  const known = data?.pages.flatMap(({ items }) => items) ?? [];
  const isUnknown = value !== "" && !known.some(({ id }) => id === value);
  return (
    <Select
      aria-label={t("filter.workflow")}
      className="w-[calc(50%-0.25rem)] sm:w-44"
      value={value === "" ? ANY : value}
      onChange={(next) => onChange(next === ANY ? "" : next)}
      options={[
        { value: ANY, label: t("filter.anyWorkflow") },
        ...known.map(({ id, name }) => ({ value: id, label: name })),
        ...(isUnknown ? [{ value, label: value }] : []),
      ]}
    />
  );
}
