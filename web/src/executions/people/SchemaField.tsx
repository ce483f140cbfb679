// One field of a form that a JSON Schema describes.
import { useTranslation } from "react-i18next";
import { Checkbox } from "../../ui/Checkbox.tsx";
import { Field } from "../../ui/Field.tsx";
import { Input } from "../../ui/Input.tsx";
import { Select } from "../../ui/Select.tsx";
import { Textarea } from "../../ui/Textarea.tsx";
import type { FormField } from "./formFields.ts";

type SchemaFieldProps = {
  field: FormField;
  value: string | boolean | undefined;
  error: string | undefined;
  onChange(value: string | boolean): void;
};

export function SchemaField({ field, value, error, onChange }: SchemaFieldProps) {
  const { t } = useTranslation("executions");
  const { label, help, kind, choices, isRequired } = field;
  if (kind === "flag") {
    return (
      <div className="sm:pt-6">
        <Checkbox label={label} help={help} checked={value === true} onChange={onChange} />
      </div>
    );
  }
  const text = typeof value === "string" ? value : "";
  return (
    <Field label={label} help={help} error={error} aside={isRequired ? undefined : t("people.optional")}>
      {(ids) => {
        if (kind === "choice") {
          return (
            <Select
              {...ids}
              value={text}
              placeholder={t("people.choose")}
              onChange={onChange}
              options={choices.map((choice) => ({ value: choice, label: choice }))}
            />
          );
        }
        if (kind === "longText" || kind === "json") {
          return (
            <Textarea
              {...ids}
              mono={kind === "json"}
              rows={3}
              value={text}
              onChange={(event) => onChange(event.target.value)}
            />
          );
        }
        return (
          <Input
            {...ids}
            required={isRequired}
            type={kind === "date" ? "date" : "text"}
            {...(kind === "number" ? { inputMode: "decimal" as const } : {})}
            value={text}
            onChange={(event) => onChange(event.target.value)}
          />
        );
      }}
    </Field>
  );
}
