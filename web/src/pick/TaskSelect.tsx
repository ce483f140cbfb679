// One of the tasks, of which there may be more than a list can show.
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { taskQuery, useTasks } from "../api/tasks.ts";
import { SearchSelect } from "../ui/SearchSelect.tsx";

type TaskSelectProps = {
  /** Its id. */
  value: string;
  onChange(id: string): void;
  /** One that cannot be chosen. */
  except?: string | undefined;
  placeholder?: string;
  "aria-label": string;
};

export function TaskSelect({ except, ...rest }: TaskSelectProps) {
  const { value } = rest;
  const [search, setSearch] = useState("");
  const { data, hasNextPage } = useTasks(useDeferredValue(search.trim()));
  const all = data?.pages.flatMap(({ items }) => items).filter(({ id }) => id !== except);
  const known = all?.find(({ id }) => id === value)?.name;
  const other = useQuery({
    ...taskQuery(value),
    enabled: value !== "" && all !== undefined && known === undefined,
  });
  return (
    <SearchSelect
      {...rest}
      search={search}
      onSearch={setSearch}
      found={all?.map(({ id, name }) => ({ value: id, label: name }))}
      hasMore={hasNextPage}
      chosen={value === "" ? "" : (known ?? other.data?.name ?? value)}
    />
  );
}
