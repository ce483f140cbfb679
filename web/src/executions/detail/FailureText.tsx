// A failure in words: code, message, the place (item, field, character), the remedy; what the other side said, folded.
import type { Execution } from "@auraos/contract";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { useFormat } from "../../i18n/useFormat.ts";
import { CodeBlock } from "../../ui/CodeBlock.tsx";
import { errorTitle } from "../../ui/errorTitle.ts";
import { jsonText } from "../json.ts";

export type Failure = NonNullable<Execution["failure"]>;

const classes = [
  "network",
  "timeout",
  "rateLimited",
  "server",
  "client",
  "auth",
  "data",
  "code",
  "limit",
  "cancelled",
] as const;

export function FailureText({ failure }: { failure: Failure }) {
  const { t } = useTranslation("executions");
  const known = classes.find((one) => one === failure.class);
  const title = errorTitle(failure.code, t as TFunction);
  const own = known ? t(`failure.remedies.${known}`) : undefined;
  // Where the error has a name in the reader's language, the remedy is said in it too.
  const remedy = (title === undefined ? failure.remedy : undefined) ?? own ?? failure.remedy;
  const detail = failure.detail;
  return (
    <>
      <p className="flex flex-wrap items-baseline gap-x-2">
        <code className="font-mono font-semibold text-fail text-xs">{failure.code}</code>
        <Place failure={failure} />
      </p>
      {title && <p className="mt-0.5">{title}</p>}
      <p dir="auto" className={title ? "mt-0.5 text-muted" : "mt-0.5"}>
        {failure.message}
      </p>
      {remedy && (
        <p dir="auto" className="mt-0.5 text-muted">
          {remedy}
        </p>
      )}
      {detail !== undefined && detail !== null && (
        <details className="mt-1.5">
          <summary className="w-fit rounded-sm text-muted text-xs">{t("failure.detail")}</summary>
          <CodeBlock text={jsonText(detail)} label={t("failure.detail")} className="mt-1 max-h-60" />
        </details>
      )}
    </>
  );
}

function Place({ failure: { item, field, position } }: { failure: Failure }) {
  const { t } = useTranslation("executions");
  const format = useFormat();
  const parts = [
    item === undefined ? "" : t("failure.item", { number: format.number(item + 1) }),
    field === undefined ? "" : t("failure.field", { field }),
    position === undefined ? "" : t("failure.position", { number: format.number(position + 1) }),
  ].filter(Boolean);
  return parts.length === 0 ? null : <span className="text-muted text-xs">{parts.join(" · ")}</span>;
}
