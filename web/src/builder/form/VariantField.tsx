// A field that may have one of several forms: first which, then its fields.
import { useTranslation } from "react-i18next";
import { Select } from "../../ui/Select.tsx";
import { kindOf, type Schema, startValue, typesOf, variantAt, variantsOf } from "../types/schema.ts";
import { asObject, ConfigForm } from "./ConfigForm.tsx";
import { type ControlProps, SchemaField } from "./SchemaField.tsx";

const NONE = "none";

export function VariantField({ label, name, path, schema, value, onChange, isRequired }: ControlProps) {
  const { t } = useTranslation("builder");
  const variants = variantsOf(schema);
  const index = variantAt(schema, value);
  const current = variants[index] ?? {};
  const title = (one: Schema) =>
    one.description ??
    one.title ??
    constantOf(one)?.description?.replace(/\.$/, "") ??
    (one.const === undefined ? t(`form.kinds.${typesOf(one)[0] ?? "any"}`) : String(one.const));
  const options = variants.map((one, at) => ({ value: String(at), label: title(one) }));
  return (
    <div className="grid gap-2">
      <Select
        aria-label={label}
        options={isRequired ? options : [{ value: NONE, label: t("form.notSet") }, ...options]}
        value={value === undefined ? NONE : String(index)}
        onChange={(next) => onChange(next === NONE ? undefined : startValue(variants[Number(next)] ?? {}))}
      />
      {value !== undefined && current.const === undefined && (
        <div className="rounded-md border border-line bg-bg p-3">
          {kindOf(current) === "group" ? (
            <ConfigForm schema={current} path={path} value={asObject(value)} onChange={onChange} />
          ) : (
            <SchemaField
              isBare
              isRequired
              name={name}
              path={path}
              schema={{ ...current, title: label }}
              value={value}
              onChange={onChange}
            />
          )}
        </div>
      )}
    </div>
  );
}

/** What tells the variant from the others says what it is. */
function constantOf({ properties = {} }: Schema): Schema | undefined {
  return Object.values(properties).find((one) => one.const !== undefined);
}
