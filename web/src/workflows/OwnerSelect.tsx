// The member who answers for a workflow, of very many, or nobody.
import { useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMembers } from "../api/account.ts";
import type { FieldIds } from "../ui/Field.tsx";
import { SearchSelect } from "../ui/SearchSelect.tsx";

type Owner = { id: string; name: string };
type OwnerSelectProps = FieldIds & { value: Owner | null; onChange(owner: Owner | null): void };

const NOBODY = "nobody";

export function OwnerSelect({ value, onChange, ...ids }: OwnerSelectProps) {
  const { t } = useTranslation("workflows");
  const [search, setSearch] = useState("");
  const { data, hasNextPage } = useMembers(useDeferredValue(search.trim()));
  const found = data?.map(({ userId, name, email }) => ({ value: userId, label: name || email }));
  const nobody = { value: NOBODY, label: t("filing.nobody") };
  return (
    <SearchSelect
      {...ids}
      value={value?.id ?? NOBODY}
      onChange={(id) => {
        const chosen = found?.find((one) => one.value === id);
        onChange(chosen ? { id, name: chosen.label } : null);
      }}
      search={search}
      onSearch={setSearch}
      found={found}
      hasMore={hasNextPage}
      first={nobody}
      chosen={value?.name ?? nobody.label}
    />
  );
}
