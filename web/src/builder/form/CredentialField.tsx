// The connection a node signs in with: those of a fitting kind, of which there may be more than a list can show, and a way
// to make one without losing the place.
import { ExternalLink } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useConnections } from "../../api/connections.ts";
import { paths } from "../../paths.ts";
import { SearchSelect } from "../../ui/SearchSelect.tsx";
import type { ControlProps } from "./SchemaField.tsx";

const NONE = "none";

export function CredentialField(props: ControlProps) {
  const { id, label, schema, value, onChange, describedBy, isInvalid, isRequired = false } = props;
  const { t } = useTranslation("builder");
  const kinds = (schema.credentialTypes ?? []).join(",");
  const chosen = typeof value === "string" ? value : "";
  const [search, setSearch] = useState("");
  const asked = useConnections(useDeferredValue(search.trim()), kinds);
  const isMissing = useIsMissing(chosen, kinds);
  return (
    <div className="grid gap-1">
      <SearchSelect
        id={id}
        aria-label={label}
        aria-describedby={describedBy}
        aria-invalid={isInvalid || isMissing || undefined}
        value={chosen === "" && !isRequired ? NONE : chosen}
        placeholder={t("form.connection.choose")}
        onChange={(next) => onChange(next === NONE ? undefined : next)}
        search={search}
        onSearch={setSearch}
        found={asked.data?.pages.flatMap(({ items }) =>
          items.map(({ name }) => ({ value: name, label: name })),
        )}
        hasMore={asked.hasNextPage}
        first={isRequired ? undefined : { value: NONE, label: t("form.connection.clear") }}
        chosen={
          isMissing
            ? t("form.connection.missing", { name: chosen })
            : chosen === "" && !isRequired
              ? t("form.connection.clear")
              : chosen
        }
      />
      <Link
        to={paths.newConnection(kinds)}
        target="_blank"
        onBlur={() => void asked.refetch()}
        className="inline-flex items-center gap-1 justify-self-start rounded-sm text-accent-text text-xs hover:underline"
      >
        {t("form.connection.new")}
        <ExternalLink aria-hidden className="size-3" />
      </Link>
    </div>
  );
}

/** Looked for by its own name: it may be none of the first ones. */
function useIsMissing(name: string, kinds: string): boolean {
  const { data, isPlaceholderData, hasNextPage } = useConnections(name, kinds);
  if (name === "" || data === undefined || isPlaceholderData || hasNextPage) return false;
  return !data.pages.some(({ items }) => items.some((one) => one.name === name));
}
