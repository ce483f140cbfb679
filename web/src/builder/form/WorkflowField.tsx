// Another workflow, by its name or its id, of which there may be more than a list can show.
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";
import { useWorkflows, workflowQuery } from "../../api/workflows.ts";
import { SearchSelect } from "../../ui/SearchSelect.tsx";
import type { ControlProps } from "./SchemaField.tsx";

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function WorkflowField({ id, label, value, onChange, describedBy, isInvalid }: ControlProps) {
  const { t } = useTranslation("builder");
  const chosen = typeof value === "string" ? value : "";
  const [search, setSearch] = useState("");
  const { data, hasNextPage } = useWorkflows(useDeferredValue(search.trim()));
  // Two of the same name are one choice: the name is what is kept.
  const names = new Set(data?.pages.flatMap(({ items }) => items.map(({ name }) => name)));
  const byId = useQuery({ ...workflowQuery(chosen), enabled: ID.test(chosen) });
  return (
    <SearchSelect
      id={id}
      aria-label={label}
      aria-describedby={describedBy}
      aria-invalid={isInvalid || undefined}
      value={chosen}
      onChange={onChange}
      search={search}
      onSearch={setSearch}
      found={data && [...names].map((name) => ({ value: name, label: name }))}
      hasMore={hasNextPage}
      chosen={byId.data?.name ?? chosen}
      placeholder={t("form.choose")}
    />
  );
}
