// Why an execution that was accepted has not begun: places of its workflow or of pools that are taken.
import type { Execution } from "@auraos/contract";
import { Hourglass } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useFormat } from "../../i18n/useFormat.ts";
import { paths } from "../../paths.ts";
import { Said } from "../../said/Said.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { Card } from "./Card.tsx";

export function QueuedCard({ queue }: { queue: NonNullable<Execution["queue"]> }) {
  const { t } = useTranslation("executions");
  const format = useFormat();
  const { reason, reasonParts, pools, before, since } = queue;
  return (
    <Card
      icon={Hourglass}
      title={t(pools.length > 0 ? "queue.pool" : "queue.workflow")}
      facts={
        <>
          <span>
            {t("people.since")} <RelativeTime at={since} />
          </span>
          {before !== null && (
            <span>{t("queue.before", { count: before, number: format.number(before) })}</span>
          )}
          {pools.length > 0 && (
            <Link to={paths.pools()} className="underline underline-offset-2 hover:text-ink">
              {t("queue.open")}
            </Link>
          )}
        </>
      }
    >
      <p dir="auto" className="text-sm">
        <Said text={reason} parts={reasonParts} />
      </p>
    </Card>
  );
}
