// A list: entries one under the other, to add, remove and move.
import type { Json } from "@auraos/kernel";
import { ArrowUp, Plus, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button.tsx";
import { IconButton } from "../../ui/IconButton.tsx";
import { kindOf, type Schema, startValue } from "../types/schema.ts";
import { asObject, ConfigForm, join } from "./ConfigForm.tsx";
import { type ControlProps, SchemaField } from "./SchemaField.tsx";

export function ListField({ label, name, path, schema, value, onChange }: ControlProps) {
  const { t } = useTranslation("builder");
  const entries = Array.isArray(value) ? value : [];
  const item: Schema = schema.items ?? {};
  const set = (next: Json[]) =>
    onChange(next.length === 0 && (schema.minItems ?? 0) === 0 ? undefined : next);
  const isObject = kindOf(item) === "group";
  return (
    <div className="grid gap-1.5">
      {entries.map((entry, index) => {
        const isBox = isObject || (typeof entry === "object" && entry !== null);
        return (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: entries have no identity but their place
            key={index}
            className={isBox ? "rounded-md border border-line bg-bg p-2.5" : "flex items-start gap-1"}
          >
            <div className={isBox ? "-mt-1 -me-1 flex justify-end" : "order-1 flex shrink-0"}>
              {index > 0 && (
                <IconButton
                  icon={ArrowUp}
                  size="small"
                  label={t("form.moveUp", { index: index + 1 })}
                  onClick={() => set(entries.with(index - 1, entry).with(index, entries[index - 1] ?? ""))}
                />
              )}
              <IconButton
                icon={X}
                size="small"
                label={t("form.removeEntry", { index: index + 1 })}
                onClick={() => set(entries.toSpliced(index, 1))}
              />
            </div>
            <div className="min-w-0 flex-1">
              {isObject ? (
                <ConfigForm
                  schema={item}
                  path={join(path, index)}
                  value={asObject(entry)}
                  onChange={(next) => set(entries.with(index, next))}
                />
              ) : (
                <SchemaField
                  isBare
                  isRequired
                  name={`${name} ${index + 1}`}
                  path={join(path, index)}
                  schema={{ ...item, title: `${label} ${index + 1}` }}
                  value={entry}
                  onChange={(next) => set(entries.with(index, next ?? ""))}
                />
              )}
            </div>
          </div>
        );
      })}
      <Button size="small" className="justify-self-start" onClick={() => set([...entries, startValue(item)])}>
        <Plus aria-hidden className="size-3.5" />
        {t("form.addEntry")}
        <span className="sr-only">{label}</span>
      </Button>
    </div>
  );
}
