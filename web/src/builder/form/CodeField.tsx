// Code, with the colours of its language.
import { javascript } from "@codemirror/lang-javascript";
import { lineNumbers } from "@codemirror/view";
import { CodeEditor } from "../code/CodeEditor.tsx";
import type { ControlProps } from "./SchemaField.tsx";

const language = [javascript({ typescript: true }), lineNumbers()];

export function CodeField({ label, value, onChange, describedBy, isInvalid, isFocused }: ControlProps) {
  const text = typeof value === "string" ? value : "";
  return (
    <CodeEditor
      label={label}
      value={text}
      onChange={onChange}
      extensions={language}
      minLines={8}
      describedBy={describedBy}
      invalid={isInvalid}
      cursor={isFocused ? text.length : undefined}
    />
  );
}
