// What lies in the backup folder, newest first, each with the way to prove it.
import { ShieldCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useMay } from "../api/account.ts";
import { type Backup, type BackupOverview, useStartDrill } from "../api/backups.ts";
import { useFormat } from "../i18n/useFormat.ts";
import { Said } from "../said/Said.tsx";
import { Badge } from "../ui/Badge.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { useTellFailure } from "../ui/useTellFailure.ts";

export function BackupList({ overview }: { overview: BackupOverview }) {
  const { t } = useTranslation("backups");
  const { items, folder, keep } = overview;
  return (
    <section aria-label={t("list.title")}>
      <h2 className="font-semibold text-base">{t("list.title")}</h2>
      <p className="mb-2 text-muted text-xs">
        {t("list.where", { keep })}{" "}
        <code dir="ltr" className="break-all font-mono">
          {folder}
        </code>
      </p>
      {items.length === 0 ? (
        <p className="rounded-lg border border-line border-dashed p-4 text-muted text-sm">{t("list.none")}</p>
      ) : (
        <ul className="divide-y divide-line rounded-lg border border-line bg-panel">
          {items.map((item) => (
            <Row
              key={item.id}
              item={item}
              isBusy={overview.running !== null}
              proven={provenOf(overview, item)}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

function provenOf({ lastDrill }: BackupOverview, { id }: Backup): boolean | undefined {
  return lastDrill?.backup === id ? lastDrill.state === "done" : undefined;
}

function Row({ item, isBusy, proven }: { item: Backup; isBusy: boolean; proven: boolean | undefined }) {
  const { t } = useTranslation("backups");
  const format = useFormat();
  const may = useMay("backup.manage");
  const drill = useStartDrill();
  const tellFailure = useTellFailure();
  return (
    <li className="flex items-center gap-3 px-3 py-2.5">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm">
          <span className="font-medium tabular-nums">
            {item.consistentAt === null ? item.id : format.exact(Date.parse(item.consistentAt))}
          </span>
          {item.trouble !== null && <Badge tone="fail">{t("list.broken")}</Badge>}
          {proven === true && <Badge tone="ok">{t("list.proven")}</Badge>}
          {proven === false && <Badge tone="fail">{t("list.disproven")}</Badge>}
        </p>
        <p className="mt-0.5 break-words text-muted text-xs">
          {item.trouble === null ? (
            t("list.about", {
              rows: format.number(item.rows ?? 0),
              size: format.bytes(item.clusterBytes ?? 0),
              stored: format.bytes(item.storedBytes ?? 0),
            })
          ) : (
            <Said text={item.trouble} parts={item.troubleParts} />
          )}
        </p>
      </div>
      {may && (
        <IconButton
          icon={ShieldCheck}
          size="small"
          label={t("list.drill", { id: item.id })}
          disabled={isBusy || drill.isPending}
          onClick={() => drill.mutate(item.id, { onError: tellFailure })}
        />
      )}
    </li>
  );
}
