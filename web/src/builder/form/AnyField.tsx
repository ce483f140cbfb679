// A value of any kind: text, number, yes or no, fields, a list, nothing, or JSON as text. The kind stands beside it,
// because 5 is not "5".
import type { Json } from "@auraos/kernel";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Select } from "../../ui/Select.tsx";
import { JsonEditor } from "../code/JsonEditor.tsx";
import { jsonType, type Schema, typesOf } from "../types/schema.ts";
import { useExample } from "./fieldContext.ts";
import { ListField } from "./ListField.tsx";
import { MapField } from "./MapField.tsx";
import { NumberField, SwitchField, TextField } from "./plainFields.tsx";
import type { ControlProps } from "./SchemaField.tsx";

const kinds = ["string", "number", "boolean", "object", "array", "null", "json"] as const;
type Kind = (typeof kinds)[number];

const starts: Record<Kind, Json> = {
  string: "",
  number: 0,
  boolean: true,
  object: {},
  array: [],
  null: null,
  json: {},
};

export function AnyField(props: ControlProps) {
  const { label, path, schema, value, onChange } = props;
  const { t } = useTranslation("builder");
  const [asked, setAsked] = useState<Kind>();
  const example = useExample(path);
  const usual = example === undefined ? "string" : (jsonType(example) as Kind);
  const own = value === undefined ? (asked ?? usual) : (jsonType(value) as Kind);
  const isText = asked === "json" && (own === "object" || own === "array");
  const shown = isText ? "json" : own;
  const select = (
    <Select
      aria-label={t("form.kindOf", { label })}
      className="w-24! shrink-0"
      options={kinds
        .filter((one) => isAllowed(schema, one))
        .map((one) => ({ value: one, label: t(`form.kinds.${one}`) }))}
      value={shown}
      onChange={(next) => {
        const kind = next as Kind;
        setAsked(kind);
        const stays = kind === own || (kind === "json" && (own === "object" || own === "array"));
        if (!stays) onChange(starts[kind]);
      }}
    />
  );
  const isWide = shown === "object" || shown === "array" || shown === "json";
  return (
    <div className={isWide ? "grid gap-2" : "flex items-start gap-1.5"}>
      {isWide && select}
      <div className="min-w-0 flex-1">{controlOf(shown, props)}</div>
      {!isWide && select}
    </div>
  );
}

function controlOf(kind: Kind, props: ControlProps) {
  switch (kind) {
    case "number":
      return <NumberField {...props} />;
    case "boolean":
      return (
        <div className="flex h-8 items-center">
          <SwitchField {...props} />
        </div>
      );
    case "object":
      return <MapField {...props} isRequired />;
    case "array":
      return <ListField {...props} schema={{ ...props.schema, items: {}, minItems: 1 }} />;
    case "json":
      return <JsonEditor label={props.label} value={props.value} onChange={props.onChange} />;
    case "null":
      return null;
    default:
      return <TextField {...props} />;
  }
}

function isAllowed(schema: Schema, kind: Kind): boolean {
  const types = typesOf(schema);
  return types.length === 0 || (kind === "json" ? types.includes("object") : types.includes(kind));
}
