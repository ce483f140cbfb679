// Text, number, on and off.
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { directionOfText } from "../../i18n/directions.ts";
import { Input } from "../../ui/Input.tsx";
import { Switch } from "../../ui/Switch.tsx";
import { Textarea } from "../../ui/Textarea.tsx";
import { isTemplate } from "../types/schema.ts";
import { useExample, useSurroundings } from "./fieldContext.ts";
import type { ControlProps } from "./SchemaField.tsx";

/** A problem that was clicked leads here. */
export function useFieldFocus<Element extends HTMLElement>(isFocused: boolean) {
  const element = useRef<Element>(null);
  useEffect(() => {
    if (!isFocused) return;
    element.current?.focus();
    element.current?.scrollIntoView({ block: "center" });
  }, [isFocused]);
  return element;
}

export function TextField({
  id,
  label,
  path,
  schema,
  value,
  onChange,
  describedBy,
  isInvalid,
  isFocused,
  isRequired = false,
}: ControlProps) {
  const input = useFieldFocus<HTMLInputElement & HTMLTextAreaElement>(isFocused);
  const example = useExample(path);
  const { expressions } = useSurroundings();
  const text = typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
  const shared = {
    id,
    ref: input,
    value: text,
    // Addresses, times and patterns are read from the left, whatever the app speaks.
    dir: directionOfText(text),
    className: "rtl:text-right",
    "aria-label": label,
    "aria-describedby": describedBy,
    "aria-invalid": isInvalid || undefined,
    placeholder: [schema.default, example].find((one) => typeof one === "string" && !isTemplate(one)) as
      | string
      | undefined,
    onChange: (event: { target: { value: string } }) => {
      const next = event.target.value;
      onChange(next === "" && !isRequired ? undefined : next);
    },
  };
  if (schema.format === "markdown" || text.includes("\n")) return <Textarea rows={3} {...shared} />;
  // Only where no expression can stand: those are read again and again, a secret never is.
  if (schema.format === "password" && expressions === undefined)
    return <Input type="password" autoComplete="new-password" spellCheck={false} {...shared} />;
  return <Input autoComplete="off" spellCheck={false} {...shared} />;
}

export function NumberField({
  id,
  label,
  schema,
  value,
  onChange,
  describedBy,
  isInvalid,
  isFocused,
}: ControlProps) {
  const { t } = useTranslation("builder");
  const input = useFieldFocus<HTMLInputElement>(isFocused);
  // What is being typed may not be a number yet ("1.", "-").
  const [typed, setTyped] = useState<string>();
  return (
    <Input
      id={id}
      ref={input}
      inputMode="decimal"
      autoComplete="off"
      aria-label={label}
      aria-describedby={describedBy}
      aria-invalid={isInvalid || undefined}
      placeholder={schema.default === undefined ? t("form.notSet") : String(schema.default)}
      value={typed ?? (value === undefined ? "" : String(value))}
      onBlur={() => setTyped(undefined)}
      onChange={(event) => {
        const text = event.target.value;
        setTyped(text);
        if (text.trim() === "") return onChange(undefined);
        const number = Number(text.replace(",", "."));
        onChange(Number.isFinite(number) ? number : text);
      }}
    />
  );
}

export function SwitchField({ label, schema, value, onChange }: ControlProps) {
  const { t } = useTranslation("builder");
  const isOn = (value ?? schema.default) === true;
  return (
    <span className="block [&_label]:sr-only">
      <span className="flex items-center gap-2">
        <Switch
          label={label}
          checked={isOn}
          onChange={(next) => onChange(next === schema.default ? undefined : next)}
        />
        <span aria-hidden className="text-muted text-xs">
          {t(isOn ? "form.on" : "form.off")}
        </span>
      </span>
    </span>
  );
}
