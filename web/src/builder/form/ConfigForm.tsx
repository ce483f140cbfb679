// A form made from a JSON Schema. What is needed or filled in is shown; the rest waits under "More settings".
import { isObject, type Json, type JsonObject } from "@auraos/kernel";
import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "../types/schema.ts";
import { useSurroundings } from "./fieldContext.ts";
import { SchemaField } from "./SchemaField.tsx";

type ConfigFormProps = {
  schema: Schema;
  value: JsonObject;
  onChange(value: JsonObject, field: string): void;
  /** Path of this object within the config; empty at the top. */
  path?: string;
};

const SHOWN_AT_ONCE = 4;

export function ConfigForm({ schema, value, onChange, path = "" }: ConfigFormProps) {
  const { t } = useTranslation("builder");
  const { focus } = useSurroundings();
  const [isOpen, setIsOpen] = useState(false);
  const required = schema.required ?? [];
  // A constant tells one form of a value from another; that is chosen, not filled in.
  const fields = Object.entries(schema.properties ?? {}).filter(
    ([name, one]) => one.const === undefined && (one.deprecated !== true || value[name] !== undefined),
  );
  const isMain = ([name]: [string, Schema], index: number) =>
    required.includes(name) || value[name] !== undefined || index < SHOWN_AT_ONCE;
  const shown = fields.filter(isMain);
  const more = fields.filter((field, index) => !isMain(field, index));
  const isWanted = more.some(([name]) => focus && isWithin(focus.field, join(path, name)));

  const field = ([name, one]: [string, Schema]) => (
    <SchemaField
      key={name}
      name={name}
      path={join(path, name)}
      schema={one}
      isRequired={required.includes(name)}
      value={value[name]}
      onChange={(next) => onChange(withField(value, name, next), join(path, name))}
    />
  );
  return (
    <div className="grid gap-3.5">
      {shown.map(field)}
      {Object.keys(value)
        .filter((name) => !Object.hasOwn(schema.properties ?? {}, name))
        .map((name) => field([name, { title: name, description: t("form.unknown") }]))}
      {more.length > 0 && (
        <div className="grid gap-3.5">
          <button
            type="button"
            aria-expanded={isOpen || isWanted}
            onClick={() => setIsOpen(!isOpen)}
            className="flex items-center gap-1 justify-self-start rounded-sm text-muted text-xs hover:text-text"
          >
            <ChevronRight
              aria-hidden
              className={`size-3.5 ${isOpen || isWanted ? "rotate-90" : "rtl:rotate-180"}`}
            />
            {t("form.more", { count: more.length })}
          </button>
          {(isOpen || isWanted) && more.map(field)}
        </div>
      )}
    </div>
  );
}

export function withField(value: JsonObject, name: string, next: Json | undefined): JsonObject {
  if (next !== undefined) return { ...value, [name]: next };
  const { [name]: _, ...rest } = value;
  return rest;
}

export function asObject(value: Json | undefined): JsonObject {
  return isObject(value) ? (value as JsonObject) : {};
}

export function join(path: string, name: string | number): string {
  return path === "" ? String(name) : `${path}.${name}`;
}

function isWithin(field: string, path: string): boolean {
  return field === path || field.startsWith(`${path}.`);
}
