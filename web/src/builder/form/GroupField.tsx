// Fields that belong together. An optional group that is not there can be added, and taken away.
import { Plus, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button.tsx";
import { IconButton } from "../../ui/IconButton.tsx";
import { startValue } from "../types/schema.ts";
import { asObject, ConfigForm } from "./ConfigForm.tsx";
import type { ControlProps } from "./SchemaField.tsx";

export function GroupField({ label, path, schema, value, onChange, isRequired }: ControlProps) {
  const { t } = useTranslation("builder");
  if (value === undefined)
    return (
      <Button size="small" className="justify-self-start" onClick={() => onChange(startValue(schema))}>
        <Plus aria-hidden className="size-3.5" />
        {t("form.add")}
        <span className="sr-only">{label}</span>
      </Button>
    );
  return (
    <div className="relative rounded-md border border-line bg-bg p-3">
      <ConfigForm schema={schema} value={asObject(value)} onChange={onChange} path={path} />
      {!isRequired && (
        <IconButton
          icon={X}
          size="small"
          label={t("form.removeNamed", { label })}
          onClick={() => onChange(undefined)}
          className="absolute end-1 top-1"
        />
      )}
    </div>
  );
}
