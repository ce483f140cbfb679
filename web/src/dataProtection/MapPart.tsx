// The data map: every table, what it is for, how long it stays; its columns by what they hold.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type MappedTable, useDataMap } from "../api/dataProtection.ts";
import { Badge } from "../ui/Badge.tsx";
import { ErrorState } from "../ui/ErrorState.tsx";
import { SearchInput } from "../ui/SearchInput.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";
import { Nothing, Part } from "./Part.tsx";

const kinds = ["person", "content", "actor", "setup", "sealed", "secret", "technical"] as const;

export function MapPart() {
  const { t } = useTranslation("dataProtection");
  const [search, setSearch] = useState("");
  const { data, error, refetch, isFetching } = useDataMap();
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} busy={isFetching} />;
  if (!data) return <SkeletonRows label={t("loading")} />;
  const needle = search.trim().toLowerCase();
  const tables = data.tables.filter(({ table, purpose, columns }) =>
    [table, purpose, ...columns.map(({ column }) => column)].some((text) =>
      text.toLowerCase().includes(needle),
    ),
  );
  return (
    <Part
      title={t("map.title")}
      text={t("map.text")}
      actions={<SearchInput label={t("map.search")} value={search} onChange={setSearch} />}
    >
      {tables.length === 0 && <Nothing>{t("map.none")}</Nothing>}
      {tables.map((table) => (
        <TableRow key={table.table} table={table} />
      ))}
    </Part>
  );
}

function TableRow({ table }: { table: MappedTable }) {
  const { t } = useTranslation("dataProtection");
  const isPersonal = table.columns.some(({ kind }) => kind === "person" || kind === "content");
  const isSealed = table.columns.some(
    ({ encryption }) => encryption === "payloadKey" || encryption === "envelope",
  );
  return (
    <details className="px-4 py-2">
      <summary className="flex cursor-pointer flex-wrap items-center gap-x-3 gap-y-1">
        <code dir="ltr" className="font-medium font-mono text-sm">
          {table.table}
        </code>
        {isPersonal && <Badge tone="accent">{t("map.personal")}</Badge>}
        {isSealed && <Badge tone="ok">{t("map.sealed")}</Badge>}
        <span dir="ltr" className="basis-full text-muted text-xs sm:basis-auto">
          {table.purpose}
        </span>
      </summary>
      <dl className="mt-2 grid gap-1.5 border-line border-t pt-2 text-xs">
        <div className="grid gap-x-4 sm:grid-cols-[10rem_1fr]">
          <dt className="text-muted">{t("map.keeping")}</dt>
          <dd>{t(`keeping.${table.keeping}`, { defaultValue: t(`classes.${table.keeping}.name`) })}</dd>
        </div>
        {kinds.map((kind) => {
          const columns = table.columns.filter((one) => one.kind === kind);
          if (columns.length === 0) return null;
          return (
            <div key={kind} className="grid gap-x-4 sm:grid-cols-[10rem_1fr]">
              <dt className="text-muted">{t(`map.kinds.${kind}`)}</dt>
              <dd dir="ltr" className="font-mono rtl:text-right">
                {columns.map(({ column }) => column).join(", ")}
              </dd>
            </div>
          );
        })}
      </dl>
    </details>
  );
}
