// Names and values. The order stays as written; a name being typed may for a moment equal another one.
import type { Json, JsonObject } from "@auraos/kernel";
import { isObject } from "@auraos/kernel";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button.tsx";
import { IconButton } from "../../ui/IconButton.tsx";
import { Input } from "../../ui/Input.tsx";
import type { Schema } from "../types/schema.ts";
import { join } from "./ConfigForm.tsx";
import { type ControlProps, SchemaField } from "./SchemaField.tsx";

export function MapField({ label, path, schema, value, onChange, isRequired, isFocused }: ControlProps) {
  const { t } = useTranslation("builder");
  const entries = Object.entries((isObject(value) ? value : {}) as JsonObject);
  const [isAdding, setIsAdding] = useState(false);
  const valueSchema: Schema = isObject(schema.additionalProperties)
    ? (schema.additionalProperties as Schema)
    : {};
  const set = (next: [string, Json][]) =>
    onChange(next.length === 0 && !isRequired ? undefined : Object.fromEntries(next));
  const showsNew = isAdding || (entries.length === 0 && isFocused);
  return (
    <div className="grid gap-2">
      {entries.map(([name, one], index) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: a name that is being changed is no identity
          key={index}
          className="grid gap-1 rounded-md border border-line bg-bg p-2"
        >
          <div className="flex items-center gap-1">
            <NameInput
              name={name}
              label={t("form.nameOf", { label, index: index + 1 })}
              onRename={(next) => {
                if (next === "" || entries.some(([other], at) => other === next && at !== index)) return;
                set(entries.with(index, [next, one]));
              }}
            />
            <IconButton
              icon={X}
              size="small"
              label={t("form.removeNamed", { label: name })}
              onClick={() => set(entries.toSpliced(index, 1))}
            />
          </div>
          <SchemaField
            isBare
            name={name}
            path={join(path, name)}
            schema={{ ...valueSchema, title: t("form.valueOf", { name }) }}
            isRequired
            value={one}
            onChange={(next) => set(entries.with(index, [name, next ?? ""]))}
          />
        </div>
      ))}
      {showsNew && (
        <NameInput
          isNew
          name=""
          label={t("form.newName", { label })}
          onRename={(next) => {
            setIsAdding(false);
            if (next !== "" && !entries.some(([other]) => other === next)) set([...entries, [next, ""]]);
          }}
        />
      )}
      {!showsNew && (
        <Button size="small" className="justify-self-start" onClick={() => setIsAdding(true)}>
          <Plus aria-hidden className="size-3.5" />
          {t("form.addField")}
          <span className="sr-only">{label}</span>
        </Button>
      )}
    </div>
  );
}

type NameInputProps = { name: string; label: string; isNew?: boolean; onRename(name: string): void };

/** Takes over when it is left, so that half a name never replaces a field. */
function NameInput({ name, label, isNew = false, onRename }: NameInputProps) {
  const [typed, setTyped] = useState<string>();
  return (
    <Input
      autoFocus={isNew}
      aria-label={label}
      placeholder={label}
      autoComplete="off"
      spellCheck={false}
      value={typed ?? name}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={() => {
        if (typed !== undefined || isNew) onRename((typed ?? "").trim());
        setTyped(undefined);
      }}
      onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
      className="font-medium"
    />
  );
}
