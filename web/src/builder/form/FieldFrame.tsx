// Label, expression switch, help and error around a control.

import type { Problem } from "@auraos/kernel";
import { CircleAlert, SquareFunction } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { directionOfText } from "../../i18n/directions.ts";
import { classes } from "../../ui/classes.ts";

type FieldFrameProps = {
  id: string;
  label: string;
  isBare: boolean;
  isRequired: boolean;
  /** Several controls under one name. */
  isGroup: boolean;
  help: string | undefined;
  problem: Problem | undefined;
  isExpression: boolean;
  onToggle: (() => void) | undefined;
  children: ReactNode;
};

export function FieldFrame(props: FieldFrameProps) {
  const { id, label, isBare, isRequired, isGroup, help, problem, isExpression, onToggle, children } = props;
  const { t } = useTranslation("builder");
  const name = (
    <>
      {label}
      {isRequired && (
        <span className="ms-0.5 text-fail" title={t("form.required")}>
          <span aria-hidden>*</span>
          <span className="sr-only">{t("form.required")}</span>
        </span>
      )}
    </>
  );
  const toggle = onToggle && (
    <ExpressionSwitch label={label} isOn={isExpression} isSmall={isBare} onToggle={onToggle} />
  );
  return (
    <div
      className="group/field grid min-w-0 gap-1"
      {...(isGroup ? { role: "group", "aria-labelledby": `${id}-label` } : {})}
    >
      {!isBare && (
        <div className="flex items-baseline justify-between gap-2">
          {isGroup || isExpression ? (
            <span id={`${id}-label`} className="font-medium text-xs">
              {name}
            </span>
          ) : (
            <label id={`${id}-label`} htmlFor={id} className="font-medium text-xs">
              {name}
            </label>
          )}
          {toggle}
        </div>
      )}
      {isBare ? (
        <div className="flex items-start gap-1">
          <div className="min-w-0 flex-1">{children}</div>
          {toggle}
        </div>
      ) : (
        children
      )}
      {help && !isBare && (
        <p id={`${id}-help`} dir={directionOfText(help)} className="text-2xs text-muted rtl:text-right">
          {help}
        </p>
      )}
      {problem && (
        <p id={`${id}-error`} className="flex items-start gap-1 text-fail text-xs">
          <CircleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
          <span>
            {problem.message} <span className="text-muted">{problem.remedy}</span>
          </span>
        </p>
      )}
    </div>
  );
}

type SwitchProps = { label: string; isOn: boolean; isSmall: boolean; onToggle(): void };

function ExpressionSwitch({ label, isOn, isSmall, onToggle }: SwitchProps) {
  const { t } = useTranslation("builder");
  return (
    <button
      type="button"
      aria-pressed={isOn}
      aria-label={t("form.expressionOf", { label })}
      title={t("form.expressionOf", { label })}
      onClick={onToggle}
      className={classes(
        "inline-flex items-center justify-center gap-1 rounded-sm text-2xs text-faint hover:bg-hover hover:text-text aria-pressed:text-accent-text",
        isSmall
          ? "size-8 pointer-coarse:size-10"
          : "-my-1 h-6 min-w-6 px-1 pointer-coarse:-my-2.5 pointer-coarse:h-10 pointer-coarse:min-w-10",
      )}
    >
      <SquareFunction aria-hidden className="size-3.5" />
      {!isSmall && (
        <span className={isOn ? "" : "sr-only group-hover/field:not-sr-only"}>{t("form.expression")}</span>
      )}
    </button>
  );
}
