// When executions started: the last while, or between two moments.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { Field } from "../../ui/Field.tsx";
import { Input } from "../../ui/Input.tsx";
import { Select } from "../../ui/Select.tsx";
import { isRange, localText, ranges } from "./executionFilter.ts";
import type { ChangeFilter } from "./FilterBar.tsx";

const ANY = "any";
const BETWEEN = "between";

export function TimeFilter({ view, onChange }: { view: URLSearchParams; onChange: ChangeFilter }) {
  const { t } = useTranslation("executions");
  const [isOpen, setIsOpen] = useState(false);
  const range = view.get("range");
  const isBetween = view.has("from") || view.has("to");
  const choose = (value: string) => {
    if (value === BETWEEN) return setIsOpen(true);
    onChange({ range: value === ANY ? "" : value, from: "", to: "" });
  };
  return (
    <>
      <Select
        aria-label={t("filter.time")}
        className="w-[calc(50%-0.25rem)] sm:w-40"
        value={isRange(range) ? range : isBetween ? BETWEEN : ANY}
        onChange={choose}
        options={[
          { value: ANY, label: t("filter.anyTime") },
          ...Object.keys(ranges).map((one) => ({ value: one, label: t(`filter.ranges.${one}`) })),
          { value: BETWEEN, label: t("filter.between") },
        ]}
      />
      {isOpen && (
        <BetweenDialog
          from={view.get("from")}
          to={view.get("to")}
          onClose={() => setIsOpen(false)}
          onChoose={(from, to) => onChange({ range: "", from, to })}
        />
      )}
    </>
  );
}

type BetweenDialogProps = {
  from: string | null;
  to: string | null;
  onClose(): void;
  onChoose(from: string, to: string): void;
};

function BetweenDialog({ from, to, onClose, onChoose }: BetweenDialogProps) {
  const { t } = useTranslation("executions");
  const [bounds, setBounds] = useState({ from: localText(from), to: localText(to) });
  const isWrong = bounds.from !== "" && bounds.to !== "" && bounds.from >= bounds.to;
  const submit = () => {
    if (isWrong) return;
    onChoose(instantOf(bounds.from), instantOf(bounds.to));
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("filter.between")}
      actions={
        <>
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <Button tone="primary" onClick={submit}>
            {t("filter.apply")}
          </Button>
        </>
      }
    >
      <div className="grid gap-4 sm:grid-cols-2">
        {(["from", "to"] as const).map((name) => (
          <Field
            key={name}
            label={t(`filter.${name}`)}
            error={name === "to" && isWrong && t("filter.reversed")}
          >
            {(ids) => (
              <Input
                {...ids}
                type="datetime-local"
                value={bounds[name]}
                onChange={(event) => setBounds({ ...bounds, [name]: event.target.value })}
              />
            )}
          </Field>
        ))}
      </div>
    </Dialog>
  );
}

function instantOf(local: string): string {
  return local === "" ? "" : new Date(local).toISOString();
}
