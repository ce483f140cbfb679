// An expression: the text with its holes, and below it the value it would have now.
import { compileTemplate, ExpressionError, type Json } from "@auraos/expression";
import { useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { CodeEditor } from "../code/CodeEditor.tsx";
import { type ExpressionContext, expressionLanguage } from "../code/expressionLanguage.ts";
import { useSurroundings } from "./fieldContext.ts";
import type { ControlProps } from "./SchemaField.tsx";

export function ExpressionField(props: ControlProps & { cursor: number | undefined }) {
  const { label, id, value, onChange, describedBy, isInvalid, isFocused, cursor } = props;
  const { expressions } = useSurroundings();
  const newest = useRef(expressions);
  const host = useRef<HTMLDivElement>(null);
  const mode = expressions?.mode ?? "strict";
  // The editor asks when it completes; it need not be told of every change before.
  useEffect(() => {
    newest.current = expressions;
  }, [expressions]);
  useEffect(() => {
    if (isFocused) host.current?.scrollIntoView({ block: "center" });
  }, [isFocused]);
  const extensions = useMemo(
    () =>
      expressionLanguage({
        mode,
        scope: () => newest.current?.scope(),
        names: () => newest.current?.names() ?? [],
        tell: (problem) => newest.current?.tell(problem) ?? problem,
      }),
    [mode],
  );
  const text = typeof value === "string" ? value : "";
  return (
    <div ref={host} className="grid min-w-0 gap-1">
      <CodeEditor
        key={isFocused ? "focused" : "free"}
        label={label}
        value={text}
        onChange={onChange}
        extensions={extensions}
        cursor={cursor}
        describedBy={[describedBy, `${id}-preview`].filter(Boolean).join(" ")}
        invalid={isInvalid}
      />
      <Preview id={`${id}-preview`} text={text} expressions={expressions} />
    </div>
  );
}

type PreviewProps = { id: string; text: string; expressions: ExpressionContext | undefined };

function Preview({ id, text, expressions }: PreviewProps) {
  const { t } = useTranslation("builder");
  if (!expressions || !text.includes("{{")) return null;
  const found = evaluate(text, expressions);
  if (found.kind === "broken") return null;
  return (
    <p id={id} dir="ltr" className="max-h-24 overflow-auto break-words text-2xs text-muted">
      {found.kind === "noData" && t("form.noPreview")}
      {found.kind === "value" && <span className="whitespace-pre-wrap font-mono">{shown(found.value)}</span>}
      {found.kind === "failed" && (
        <span className="text-wait">
          {found.message} {found.remedy}
        </span>
      )}
    </p>
  );
}

type Found =
  | { kind: "broken" }
  | { kind: "noData" }
  | { kind: "value"; value: Json | undefined }
  | { kind: "failed"; message: string; remedy: string };

function evaluate(text: string, expressions: ExpressionContext): Found {
  const compiled = compileTemplate(text, { mode: expressions.mode });
  if (!compiled.ok) return { kind: "broken" };
  const scope = expressions.scope();
  if (!scope) return { kind: "noData" };
  try {
    return { kind: "value", value: compiled.template.evaluate(scope) };
  } catch (error) {
    if (!(error instanceof ExpressionError)) return { kind: "failed", message: String(error), remedy: "" };
    const { code, message, hint } = error;
    return { kind: "failed", ...expressions.tell({ code, message, remedy: hint }) };
  }
}

function shown(value: Json | undefined): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "—");
  return text.length > 600 ? `${text.slice(0, 600)}…` : text;
}
