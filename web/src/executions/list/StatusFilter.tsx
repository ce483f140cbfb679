// One status or several. The button says which.
import type { ExecutionStatus } from "@auraos/contract";
import { ChevronDown } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Checkbox } from "../../ui/Checkbox.tsx";
import { controlLooks } from "../../ui/controlLooks.ts";
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
        <button
          type="button"
          className={controlLooks(
            "flex h-8 w-[calc(50%-0.25rem)] items-center justify-between gap-2 text-start pointer-coarse:h-10 sm:w-auto sm:min-w-36",
          )}
          aria-label={t("filter.statusIs", { label })}
        >
          <span className="truncate">{label}</span>
          <ChevronDown aria-hidden className="size-4 shrink-0 text-muted" />
        </button>
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
