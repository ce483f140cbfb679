// One of a list, and several of a list.
import { useTranslation } from "react-i18next";
import { Checkbox } from "../../ui/Checkbox.tsx";
import { Select } from "../../ui/Select.tsx";
import type { Schema } from "../types/schema.ts";
import { useSurroundings } from "./fieldContext.ts";
import type { ControlProps } from "./SchemaField.tsx";

const NONE = "\u0000none";

export function ChoiceField({
  id,
  label,
  path,
  schema,
  value,
  onChange,
  describedBy,
  isInvalid,
  isRequired,
}: ControlProps) {
  const { t } = useTranslation("builder");
  const known = useSurroundings().choices.get(path);
  const offered =
    known ?? (schema.enum ?? []).map((one) => ({ value: String(one), label: wordOf(String(one), schema) }));
  const current = value === undefined ? undefined : String(value);
  const isForeign = current !== undefined && !offered.some((one) => one.value === current);
  const fallback =
    schema.default === undefined
      ? t("form.notSet")
      : t("form.default", { value: wordOf(String(schema.default), schema) });
  const options = [
    ...(isRequired ? [] : [{ value: NONE, label: fallback }]),
    ...offered,
    ...(isForeign ? [{ value: current, label: current }] : []),
  ];
  return (
    <Select
      id={id}
      aria-label={label}
      aria-describedby={describedBy}
      {...(isInvalid ? { "aria-invalid": true as const } : {})}
      options={options}
      value={current ?? (isRequired ? "" : NONE)}
      placeholder={t("form.choose")}
      onChange={(next) =>
        onChange(next === NONE ? undefined : (schema.enum?.find((one) => String(one) === next) ?? next))
      }
    />
  );
}

export function ChoicesField({ schema, value, onChange }: ControlProps) {
  const chosen = Array.isArray(value) ? value : Array.isArray(schema.default) ? schema.default : [];
  return (
    <div className="flex flex-wrap gap-x-4 gap-y-1.5 pt-0.5">
      {(schema.items?.enum ?? []).map((one) => (
        <Checkbox
          key={String(one)}
          label={wordOf(String(one), schema.items)}
          checked={chosen.includes(one)}
          onChange={(isOn) => onChange(isOn ? [...chosen, one] : chosen.filter((other) => other !== one))}
        />
      ))}
    </div>
  );
}

/** `notEquals` -> `not equals`; what is written in capitals stays. */
function wordOf(value: string, schema: Schema | undefined): string {
  const name = schema?.choiceNames?.[value];
  if (name !== undefined) return name;
  return /^[a-z]+(?:[A-Z][a-z]+)+$/.test(value)
    ? value.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    : value;
}
