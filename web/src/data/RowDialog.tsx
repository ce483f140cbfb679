// Makes or changes a row: a field for each column, by its type. An empty field is no value.
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Table, type TableColumn, type TableRow, useSaveRow } from "../api/data.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { ErrorState } from "../ui/ErrorState.tsx";
import { Field, type FieldIds } from "../ui/Field.tsx";
import { Input } from "../ui/Input.tsx";
import { Select } from "../ui/Select.tsx";
import { Textarea } from "../ui/Textarea.tsx";
import { fieldText, readText } from "./values.ts";

type RowDialogProps = { table: Table; row: TableRow | null; onClose(): void };

export function RowDialog({ table, row, onClose }: RowDialogProps) {
  const { t } = useTranslation("data");
  const formId = useId();
  const save = useSaveRow();
  const before = Object.fromEntries(
    table.columns.map(({ id, name, type }) => [id, fieldText(type, row?.[name])]),
  );
  const [texts, setTexts] = useState(before);
  const [problems, setProblems] = useState<Record<string, string>>({});
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const values: Record<string, unknown> = {};
    const found: Record<string, string> = {};
    for (const { id, name, type, required } of table.columns) {
      const text = texts[id] ?? "";
      const read = readText(type, text);
      if (!read.ok) found[id] = t(`wrong.${read.problem}`);
      else if (required && read.value === null) found[id] = t("wrong.required");
      // Only what was changed travels: somebody else may have changed the rest meanwhile.
      else if (row === null || text !== before[id]) values[name] = read.value;
    }
    setProblems(found);
    if (Object.keys(found).length > 0) return;
    if (row !== null && Object.keys(values).length === 0) return onClose();
    save.mutate({ id: table.id, row: row?.id ?? null, values }, { onSuccess: onClose });
  };
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={row ? t("rows.edit", { row: row.id }) : t("rows.new")}
      actions={
        <>
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <Button type="submit" form={formId} tone="primary" busy={save.isPending}>
            {t("save")}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} noValidate className="grid gap-4">
        {table.columns.map((column) => (
          <Field
            key={column.id}
            label={column.name}
            aside={`${t(`types.${column.type}`)}${column.required ? ` · ${t("required")}` : ""}`}
            error={problems[column.id]}
          >
            {(ids) => (
              <ValueField
                ids={ids}
                column={column}
                value={texts[column.id] ?? ""}
                onChange={(value) => {
                  setTexts({ ...texts, [column.id]: value });
                  setProblems(({ [column.id]: _, ...others }) => others);
                }}
              />
            )}
          </Field>
        ))}
        {save.error && <ErrorState error={save.error} />}
      </form>
    </Dialog>
  );
}

type ValueFieldProps = { ids: FieldIds; column: TableColumn; value: string; onChange(value: string): void };

function ValueField({ ids, column: { type }, value, onChange }: ValueFieldProps) {
  const { t } = useTranslation("data");
  if (type === "json")
    return <Textarea {...ids} mono value={value} onChange={(event) => onChange(event.target.value)} />;
  if (type === "boolean")
    return (
      <Select
        {...ids}
        value={value === "" ? "none" : value}
        onChange={(chosen) => onChange(chosen === "none" ? "" : chosen)}
        options={[
          { value: "none", label: t("none") },
          { value: "true", label: t("yes") },
          { value: "false", label: t("no") },
        ]}
      />
    );
  return (
    <Input
      {...ids}
      {...(type === "time" ? { type: "datetime-local", step: "any" } : {})}
      {...(type === "number" ? { inputMode: "decimal" as const } : {})}
      dir={type === "text" ? "auto" : "ltr"}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
