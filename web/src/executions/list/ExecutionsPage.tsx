// Executions: find one of a million, and do something about many at once. Filters stand in the address.
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Page } from "../../shell/Page.tsx";
import { useNow } from "../../ui/useNow.ts";
import { useView } from "../../useView.ts";
import { ExecutionList } from "./ExecutionList.tsx";
import { filterNames, filterOf } from "./executionFilter.ts";
import { FilterBar } from "./FilterBar.tsx";

const MINUTE_MS = 60_000;

export function ExecutionsPage() {
  const { t } = useTranslation("executions");
  const [view, change] = useView();
  const openedMs = useOpenedMs(view.toString());
  const filter = useMemo(() => filterOf(view, openedMs), [view, openedMs]);
  // What is being typed when the filters are cleared is cleared with them.
  const [clears, setClears] = useState(0);
  const clear = () => {
    setClears(clears + 1);
    change(Object.fromEntries(filterNames.map((name) => [name, undefined])));
  };

  return (
    <Page title={t("title")} flush>
      <div className="flex min-h-0 flex-1 flex-col gap-3 p-4 sm:p-6">
        <FilterBar view={view} clears={clears} onChange={change} onClear={clear} />
        <ExecutionList key={JSON.stringify(filter)} filter={filter} />
      </div>
    </Page>
  );
}

/** The minute in which these filters were chosen: "the last hour" does not move while it is read. */
function useOpenedMs(filters: string): number {
  const nowMs = useNow(MINUTE_MS);
  const [opened, setOpened] = useState({ filters, atMs: nowMs });
  if (opened.filters !== filters) setOpened({ filters, atMs: nowMs });
  return opened.atMs;
}
