// One of the workflows, of which there may be more than a list can show.
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { useWorkflows, workflowQuery } from "../api/workflows.ts";
import { type Found, SearchSelect } from "../ui/SearchSelect.tsx";

type WorkflowSelectProps = {
  /** Its id. */
  value: string;
  onChange(id: string): void;
  isPublishedOnly?: boolean;
  first?: Found;
  placeholder?: string;
  className?: string;
  id?: string;
  "aria-label"?: string;
  "aria-describedby"?: string | undefined;
  "aria-invalid"?: true | undefined;
};

export function WorkflowSelect({ isPublishedOnly = false, ...rest }: WorkflowSelectProps) {
  const { value, first } = rest;
  const [search, setSearch] = useState("");
  const { data, hasNextPage } = useWorkflows(useDeferredValue(search.trim()));
  const all = data?.pages.flatMap(({ items }) => items);
  const known = all?.find(({ id }) => id === value)?.name;
  const isOther = value !== "" && value !== first?.value;
  const other = useQuery({
    ...workflowQuery(value),
    enabled: isOther && all !== undefined && known === undefined,
  });
  return (
    <SearchSelect
      {...rest}
      search={search}
      onSearch={setSearch}
      found={all
        ?.filter(({ status, id }) => !isPublishedOnly || status === "published" || id === value)
        .map(({ id, name }) => ({ value: id, label: name }))}
      hasMore={hasNextPage}
      chosen={isOther ? (known ?? other.data?.name ?? value) : first?.value === value ? first.label : ""}
    />
  );
}
