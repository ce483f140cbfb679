// The connection a node signs in with: those of a fitting kind, and a way to make one without losing the place.
import { ExternalLink } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useConnections } from "../../api/connections.ts";
import { paths } from "../../paths.ts";
import { Select } from "../../ui/Select.tsx";
import type { ControlProps } from "./SchemaField.tsx";

const NONE = "none";

export function CredentialField(props: ControlProps) {
  const { id, label, schema, value, onChange, describedBy, isInvalid, isRequired = false } = props;
  const { t } = useTranslation("builder");
  const kinds = (schema.credentialTypes ?? []).join(",");
  const { data, refetch } = useConnections(kinds);
  const names = data?.pages.flatMap(({ items }) => items.map(({ name }) => name)) ?? [];
  const chosen = typeof value === "string" ? value : "";
  const isMissing = chosen !== "" && data !== undefined && !names.includes(chosen);
  return (
    <div className="grid gap-1">
      <Select
        id={id}
        aria-label={label}
        aria-describedby={describedBy}
        aria-invalid={isInvalid || isMissing || undefined}
        value={chosen === "" && !isRequired ? NONE : chosen}
        placeholder={t("form.connection.choose")}
        onChange={(next) => onChange(next === NONE ? undefined : next)}
        options={[
          ...(isRequired ? [] : [{ value: NONE, label: t("form.connection.clear") }]),
          ...names.map((name) => ({ value: name, label: name })),
          ...(isMissing ? [{ value: chosen, label: t("form.connection.missing", { name: chosen }) }] : []),
        ]}
      />
      <Link
        to={paths.newConnection(kinds)}
        target="_blank"
        onBlur={() => void refetch()}
        className="inline-flex items-center gap-1 justify-self-start rounded-sm text-accent-text text-xs hover:underline"
      >
        {t("form.connection.new")}
        <ExternalLink aria-hidden className="size-3" />
      </Link>
    </div>
  );
}
