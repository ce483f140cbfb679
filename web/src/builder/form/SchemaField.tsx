// One field: its label, the switch to an expression, the control that fits its schema, help and error.
import type { Json } from "@auraos/kernel";
import { useId, useState } from "react";
import { isTemplate, kindOf, type Schema, startValue } from "../types/schema.ts";
import { AnyField } from "./AnyField.tsx";
import { ChoiceField, ChoicesField } from "./ChoiceField.tsx";
import { CodeField } from "./CodeField.tsx";
import { CredentialField } from "./CredentialField.tsx";
import { DecisionTableField } from "./DecisionTableField.tsx";
import { ExpressionField } from "./ExpressionField.tsx";
import { FieldFrame } from "./FieldFrame.tsx";
import { problemAt, useSurroundings } from "./fieldContext.ts";
import { GroupField } from "./GroupField.tsx";
import { ListField } from "./ListField.tsx";
import { MapField } from "./MapField.tsx";
import { NumberField, SwitchField, TextField } from "./plainFields.tsx";
import { VariantField } from "./VariantField.tsx";
import { WorkflowField } from "./WorkflowField.tsx";

export type FieldProps = {
  name: string;
  path: string;
  schema: Schema;
  value: Json | undefined;
  onChange(value: Json | undefined): void;
  isRequired?: boolean;
  /** Inside of a list or a map the place says what it is. */
  isBare?: boolean;
};

/** What every control gets: the ids that tie label, help and error to it. */
export type ControlProps = Omit<FieldProps, "isBare"> & {
  label: string;
  id: string;
  describedBy: string | undefined;
  isInvalid: boolean;
  isFocused: boolean;
};

const withExpressions = new Set([
  "text",
  "number",
  "boolean",
  "choice",
  "workflow",
  "any",
  "list",
  "map",
  "group",
  "variant",
  "decisionTable",
]);
const composite = new Set(["group", "list", "map", "variant", "decisionTable"]);

export function SchemaField(props: FieldProps) {
  const { name, path, schema, value, onChange, isRequired = false, isBare = false } = props;
  const { problems, expressions, rawFields, focus, choices } = useSurroundings();
  const id = useId();
  const isExpression = isTemplate(value);
  const [isAsked, setIsAsked] = useState(false);
  const [cursor, setCursor] = useState<number>();
  const kind = choices.has(path) ? "choice" : kindOf(schema);
  const canExpress =
    expressions !== undefined && withExpressions.has(kind) && !rawFields.includes(path.split(".")[0] ?? "");
  const showsExpression = canExpress && (isExpression || isAsked);
  const problem = problemAt(problems, path, !composite.has(kind) || isExpression);
  const isFocused = focus?.field === path;
  const label = schema.title ?? name;
  const control: ControlProps = {
    ...props,
    label,
    id,
    describedBy:
      [isHelpful(label, schema.description) ? `${id}-help` : "", problem ? `${id}-error` : ""]
        .filter(Boolean)
        .join(" ") || undefined,
    isInvalid: problem !== undefined,
    isFocused,
  };

  const toggle = () => {
    setCursor(showsExpression ? undefined : 3);
    setIsAsked(!showsExpression);
    if (showsExpression)
      return onChange(kind === "text" ? textOf(value) : isRequired ? startValue(schema) : undefined);
    onChange(kind === "text" && typeof value === "string" && value !== "" ? value : "{{  }}");
    if (kind === "text" && typeof value === "string" && value !== "") setCursor(value.length);
  };

  return (
    <FieldFrame
      id={id}
      label={label}
      isBare={isBare}
      isRequired={isRequired}
      isGroup={!showsExpression && (composite.has(kind) || kind === "choices")}
      help={isHelpful(label, schema.description) ? schema.description : undefined}
      problem={problem}
      isExpression={showsExpression}
      onToggle={canExpress ? toggle : undefined}
    >
      {showsExpression ? (
        <ExpressionField
          {...control}
          cursor={isFocused ? (focus.position ?? 0) : cursor}
          onChange={(next) => {
            // All of it is replaced by something without braces: the field stays, and what else is typed arrives.
            if (!isTemplate(next)) setIsAsked(true);
            onChange(next);
          }}
        />
      ) : (
        controlOf(kind, {
          ...control,
          onChange: (next) => {
            // Two braces typed into a plain field: it goes on as an expression, with the cursor where it was.
            if (canExpress && isTemplate(next) && kind === "text") setCursor(next.indexOf("{{") + 2);
            onChange(next);
          },
        })
      )}
    </FieldFrame>
  );
}

function controlOf(kind: ReturnType<typeof kindOf>, props: ControlProps) {
  switch (kind) {
    case "text":
      return <TextField {...props} />;
    case "number":
      return <NumberField {...props} />;
    case "boolean":
      return <SwitchField {...props} />;
    case "choice":
      return <ChoiceField {...props} />;
    case "choices":
      return <ChoicesField {...props} />;
    case "group":
      return <GroupField {...props} />;
    case "list":
      return <ListField {...props} />;
    case "map":
      return <MapField {...props} />;
    case "variant":
      return <VariantField {...props} />;
    case "credential":
      return <CredentialField {...props} />;
    case "workflow":
      return <WorkflowField {...props} />;
    case "code":
      return <CodeField {...props} />;
    case "decisionTable":
      return <DecisionTableField {...props} />;
    case "any":
      return <AnyField {...props} />;
  }
}

/** "Method." below "Method" helps nobody. */
function isHelpful(label: string, help: string | undefined): boolean {
  return help !== undefined && help.replace(/\.$/, "").toLowerCase() !== label.toLowerCase();
}

/** The text of an expression without its braces. */
function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value.replaceAll(/\{\{\s*|\s*\}\}/g, "") : "";
}
