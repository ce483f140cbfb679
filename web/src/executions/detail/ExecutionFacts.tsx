// One line: which version, started how and when, how long; and the executions it belongs to.
import type { Execution } from "@auraos/contract";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { paths } from "../../paths.ts";
import { Badge } from "../../ui/Badge.tsx";
import { CopyButton } from "../../ui/CopyButton.tsx";
import { Duration } from "../../ui/Duration.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { isOpen } from "../executionCan.ts";
import { useChildren } from "../queries.ts";

export function ExecutionFacts({ execution }: { execution: Execution }) {
  const { t } = useTranslation("executions");
  const { id, version, mode, trigger, startedAt, durationMs, parentId, originId } = execution;
  const { data: children } = useChildren(id);
  return (
    <dl className="flex flex-wrap items-center gap-x-5 gap-y-1.5 text-sm">
      <Fact name={t("facts.version")}>{version === null ? t("facts.draft") : version}</Fact>
      <Fact name={t("facts.trigger")}>{trigger ?? t("trigger.unknown")}</Fact>
      <Fact name={t("facts.started")}>
        <RelativeTime at={startedAt} />
      </Fact>
      <Fact name={t(isOpen(execution) ? "facts.runningFor" : "facts.took")}>
        {durationMs === null ? <Duration since={startedAt} /> : <Duration ms={durationMs} />}
      </Fact>
      {mode !== "production" && (
        <Fact name={t("facts.mode")}>
          <Badge>{t(`mode.${mode}`)}</Badge>
        </Fact>
      )}
      {originId && (
        <Fact name={t("facts.origin")}>
          <Other id={originId} />
        </Fact>
      )}
      {parentId && (
        <Fact name={t("facts.parent")}>
          <Other id={parentId} />
        </Fact>
      )}
      {children && children.items.length > 0 && (
        <Fact name={t("facts.children")}>
          <Link to={paths.executions({ parent: id })} className="text-accent-text hover:underline">
            {t("facts.childCount", {
              count: children.items.length,
              more: children.next === undefined ? "" : "+",
            })}
          </Link>
        </Fact>
      )}
      <Fact name={t("facts.id")}>
        <code className="font-mono text-xs">{id.slice(0, 13)}…</code>
        <CopyButton text={id} label={t("facts.copyId")} />
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex h-6 items-center gap-1.5">
      <dt className="text-muted">{name}</dt>
      <dd className="flex items-center font-medium">{children}</dd>
    </div>
  );
}

function Other({ id }: { id: string }) {
  return (
    <Link to={paths.execution(id)} className="font-mono text-accent-text text-xs hover:underline">
      {id.slice(0, 13)}…
    </Link>
  );
}
