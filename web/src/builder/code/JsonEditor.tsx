// JSON as text. What is not JSON yet stays in the editor and is not given on.
import type { Json } from "@auraos/kernel";
import { json } from "@codemirror/lang-json";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { CodeEditor } from "./CodeEditor.tsx";

const language = json();

type JsonEditorProps = {
  label: string;
  value: Json | undefined;
  onChange(value: Json | undefined): void;
  minLines?: number;
  onValidity?(isValid: boolean): void;
};

export function JsonEditor({ label, value, onChange, minLines = 3, onValidity }: JsonEditorProps) {
  const { t } = useTranslation("builder");
  const [typed, setTyped] = useState<string>();
  const problem = typed === undefined ? undefined : problemOf(typed);
  const outside = value === undefined ? "" : JSON.stringify(value, null, 2);
  return (
    <div className="grid gap-1">
      <CodeEditor
        label={label}
        value={typed ?? outside}
        extensions={language}
        minLines={minLines}
        invalid={problem !== undefined}
        onChange={(text) => {
          setTyped(text);
          onValidity?.(problemOf(text) === undefined);
          if (text.trim() === "") onChange(undefined);
          else if (problemOf(text) === undefined) onChange(JSON.parse(text) as Json);
        }}
      />
      {problem !== undefined && (
        <p role="status" className="text-fail text-xs">
          {t("form.notJson", { message: problem })}
        </p>
      )}
    </div>
  );
}

function problemOf(text: string): string | undefined {
  if (text.trim() === "") return undefined;
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
