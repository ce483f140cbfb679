// What checking the log has found.
import { ShieldAlert, ShieldCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { AuditReport } from "../api/audit.ts";
import { CloseButton } from "../ui/CloseButton.tsx";
import { CopyButton } from "../ui/CopyButton.tsx";
import { classes } from "../ui/classes.ts";
import { RelativeTime } from "../ui/RelativeTime.tsx";

export function Verdict({ report, onClose }: { report: AuditReport; onClose(): void }) {
  const { t } = useTranslation("audit");
  const { ok, entries, from, removedAt, brokenAt, reason, checkpoints, checkpointedTo, key } = report;
  const Icon = ok ? ShieldCheck : ShieldAlert;
  return (
    <section
      role="status"
      className={classes(
        "relative flex max-w-[110rem] gap-3 rounded-lg border border-line p-4 pe-12",
        ok ? "bg-ok-soft" : "bg-fail-soft",
      )}
    >
      <Icon aria-hidden className={classes("size-5 shrink-0", ok ? "text-ok" : "text-fail")} />
      <div className="grid min-w-0 gap-1 text-sm">
        <p className={classes("font-semibold", ok ? "text-ok" : "text-fail")}>
          {ok ? t("verdict.ok") : t("verdict.broken", { seq: brokenAt, reason })}
        </p>
        <p className="text-text">
          {t("verdict.entries", { count: entries - from + 1 })}{" "}
          {checkpoints > 0
            ? t("verdict.checkpoints", { count: checkpoints, to: checkpointedTo })
            : t("verdict.noCheckpoints")}
        </p>
        {removedAt !== null && (
          <p className="text-text">
            {t("verdict.from", { from })} <RelativeTime at={removedAt} />
          </p>
        )}
        <p className="flex min-w-0 items-center gap-1 text-muted text-xs">
          <span className="shrink-0">{t("verdict.key")}</span>
          <code dir="ltr" className="truncate">
            {key}
          </code>
          <CopyButton text={key} />
        </p>
      </div>
      <CloseButton className="absolute end-2 top-2" onClick={onClose} />
    </section>
  );
}
