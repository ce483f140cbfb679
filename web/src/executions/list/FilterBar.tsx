// What the list shows. Every control writes the address and reads it again.
import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button.tsx";
import { Select } from "../../ui/Select.tsx";
import { type FilterName, hasFilter } from "./executionFilter.ts";
import { SearchFilter } from "./SearchFilter.tsx";
import { StatusFilter } from "./StatusFilter.tsx";
import { TimeFilter } from "./TimeFilter.tsx";
import { WorkflowFilter } from "./WorkflowFilter.tsx";

const ANY = "any";
const modes = ["production", "test", "simulated", "replay"] as const;

export type ChangeFilter = (changes: Partial<Record<FilterName, string>>) => void;
type FilterBarProps = { view: URLSearchParams; clears: number; onChange: ChangeFilter; onClear(): void };

export function FilterBar({ view, clears, onChange, onClear }: FilterBarProps) {
  const { t } = useTranslation("executions");
  return (
    <search className="flex flex-wrap items-center gap-2">
      <SearchFilter
        key={clears}
        value={view.get("search") ?? ""}
        onChange={(search) => onChange({ search })}
      />
      <StatusFilter value={view.get("status") ?? ""} onChange={(status) => onChange({ status })} />
      <WorkflowFilter value={view.get("workflow") ?? ""} onChange={(workflow) => onChange({ workflow })} />
      <Select
        aria-label={t("filter.mode")}
        className="w-[calc(50%-0.25rem)] sm:w-36"
        value={view.get("mode") ?? ANY}
        onChange={(mode) => onChange({ mode: mode === ANY ? "" : mode })}
        options={[
          { value: ANY, label: t("filter.anyMode") },
          ...modes.map((mode) => ({ value: mode, label: t(`mode.${mode}`) })),
        ]}
      />
      <TimeFilter view={view} onChange={onChange} />
      {view.get("error") && (
        <Chip
          name={t("filter.error")}
          value={view.get("error") ?? ""}
          onRemove={() => onChange({ error: "" })}
        />
      )}
      {view.get("parent") && (
        <Chip name={t("filter.parent")} value="" onRemove={() => onChange({ parent: "" })} />
      )}
      {hasFilter(view) && (
        <Button tone="quiet" onClick={onClear}>
          {t("filter.clear")}
        </Button>
      )}
    </search>
  );
}

function Chip({ name, value, onRemove }: { name: string; value: string; onRemove(): void }) {
  const { t } = useTranslation("executions");
  return (
    <Button onClick={onRemove} aria-label={t("filter.remove", { name: `${name} ${value}` })}>
      {name}
      {value !== "" && <code className="font-mono text-xs">{value}</code>}
      <X aria-hidden className="size-3.5" />
    </Button>
  );
}
