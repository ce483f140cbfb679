// How a condition is written, by examples.
import { useTranslation } from "react-i18next";

const examples = [
  ["exact", "1000"],
  ["list", "business, school"],
  ["order", ">= 1000 and < 5000"],
  ["range", "1..5"],
  ["not", "not A, B"],
  ["prefix", "X-*"],
  ["missing", "missing, present"],
] as const;

export function ConditionHelp() {
  const { t } = useTranslation("decisionTable");
  return (
    <details className="text-2xs text-muted">
      <summary className="w-fit cursor-pointer rounded-sm py-1 hover:text-text">{t("help.title")}</summary>
      <dl className="mt-1 grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5">
        {examples.map(([name, example]) => (
          <div key={name} className="contents">
            <dt dir="ltr" className="font-mono text-text rtl:text-right">
              {example}
            </dt>
            <dd>{t(`help.${name}`)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
