// One status or several. The button says which.
import type { ExecutionStatus } from "@auraos/contract";
import { ChevronDown } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button.tsx";
import { Checkbox } from "../../ui/Checkbox.tsx";
import { Popover } from "../../ui/Popover.tsx";
import { StatusIcon } from "../../ui/Status.tsx";

const all: readonly ExecutionStatus[] = [
  "running",
  "waiting",
  "parked",
  "paused",
  "succeeded",
  "failed",
  "cancelled",
  "terminated",
];

export function StatusFilter({ value, onChange }: { value: string; onChange(value: string): void }) {
  const { t } = useTranslation("executions");
  const chosen = all.filter((status) => value.split(",").includes(status));
  const toggle = (status: ExecutionStatus, isOn: boolean) =>
    onChange(all.filter((one) => (one === status ? isOn : chosen.includes(one))).join(","));
  const label =
    chosen.length === 0
      ? t("filter.anyStatus")
      : chosen.length <= 2
        ? chosen.map((status) => t(`ui:status.${status}`)).join(", ")
        : t("filter.statuses", { count: chosen.length });
  return (
    <Popover
      label={t("filter.status")}
      trigger={
        <Button
          className="border-control-line/60 px-2.5 font-normal *:w-full *:justify-between hover:border-control-line hover:bg-panel max-sm:w-[calc(50%-0.25rem)] sm:min-w-36"
          aria-label={t("filter.statusIs", { label })}
        >
          <span className="truncate">{label}</span>
          <ChevronDown aria-hidden className="size-4 text-muted" />
        </Button>
      }
    >
      <fieldset className="grid gap-2.5">
        <legend className="sr-only">{t("filter.status")}</legend>
        {all.map((status) => (
          <Checkbox
            key={status}
            checked={chosen.includes(status)}
            onChange={(isOn) => toggle(status, isOn)}
            label={
              <span className="flex items-center gap-2">
                <StatusIcon status={status} spoken={false} />
                {t(`ui:status.${status}`)}
              </span>
            }
          />
        ))}
      </fieldset>
    </Popover>
  );
}
