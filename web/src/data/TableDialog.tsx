// Makes a table, or changes its name and columns. A column keeps its values by its id; one that is taken out loses them.
import { Plus, X } from "lucide-react";
import { type FormEvent, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Table, type TableColumn, useSaveTable } from "../api/data.ts";
import { Button } from "../ui/Button.tsx";
import { Checkbox } from "../ui/Checkbox.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { ErrorState } from "../ui/ErrorState.tsx";
import { Field } from "../ui/Field.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { Input } from "../ui/Input.tsx";
import { Select } from "../ui/Select.tsx";

const types = ["text", "number", "boolean", "time", "json"] as const;
const COLUMNS_MAX = 64;

type Draft = Omit<TableColumn, "id"> & { id?: string; key: string };
type TableDialogProps = { table: Table | null; onClose(made?: string): void };

export function TableDialog({ table: shown, onClose }: TableDialogProps) {
  // What the form was filled from: what others change meanwhile is a conflict, not overwritten.
  const [table] = useState(shown);
  const { t } = useTranslation("data");
  const formId = useId();
  const save = useSaveTable();
  const serial = useRef(0);
  const fresh = (): Draft => {
    serial.current += 1;
    return { key: `new${serial.current}`, name: "", type: "text", required: false, unique: false };
  };
  const [name, setName] = useState(table?.name ?? "");
  const [description, setDescription] = useState(table?.description ?? "");
  const [columns, setColumns] = useState<readonly Draft[]>(() =>
    table ? table.columns.map((column) => ({ ...column, key: column.id })) : [fresh()],
  );
  const lost = table?.columns.filter(({ id }) => !columns.some((column) => column.id === id)) ?? [];
  const change = (key: string, changes: Partial<Draft>) =>
    setColumns(columns.map((column) => (column.key === key ? { ...column, ...changes } : column)));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = {
      name: name.trim(),
      ...(description.trim() === "" ? {} : { description: description.trim() }),
      columns: columns.map(({ key: _, ...column }) => ({ ...column, name: column.name.trim() })),
    };
    save.mutate({ table, body }, { onSuccess: ({ id }) => onClose(id) });
  };
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={table ? t("tables.edit") : t("tables.new")}
      width="normal"
      actions={
        <>
          <Button onClick={() => onClose()}>{t("ui:cancel")}</Button>
          <Button type="submit" form={formId} tone="primary" busy={save.isPending}>
            {table ? t("save") : t("create")}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="grid gap-4">
        <Field label={t("name")}>
          {(ids) => (
            <Input
              {...ids}
              autoFocus
              required
              maxLength={100}
              dir="auto"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Field label={t("description")} aside={t("optional")}>
          {(ids) => (
            <Input
              {...ids}
              maxLength={2000}
              dir="auto"
              value={description}
              onChange={(event) => setDescription(event.target.value)}
            />
          )}
        </Field>
        <fieldset className="grid gap-2">
          <legend className="mb-1 font-medium text-xs">{t("tables.columns")}</legend>
          {columns.map((column, index) => (
            <ColumnFields
              key={column.key}
              column={column}
              number={index + 1}
              onChange={(changes) => change(column.key, changes)}
              onRemove={
                columns.length > 1
                  ? () => setColumns(columns.filter(({ key }) => key !== column.key))
                  : undefined
              }
            />
          ))}
          {columns.length < COLUMNS_MAX && (
            <Button
              size="small"
              className="justify-self-start"
              onClick={() => setColumns([...columns, fresh()])}
            >
              <Plus aria-hidden className="size-3.5" />
              {t("tables.addColumn")}
            </Button>
          )}
        </fieldset>
        {lost.length > 0 && (
          <p role="status" className="text-fail text-xs">
            {t("tables.lost", { names: lost.map((column) => column.name).join(", ") })}
          </p>
        )}
        {save.error && <ErrorState error={save.error} />}
      </form>
    </Dialog>
  );
}

type ColumnFieldsProps = {
  column: Draft;
  number: number;
  onChange(changes: Partial<Draft>): void;
  onRemove: (() => void) | undefined;
};

function ColumnFields({ column, number, onChange, onRemove }: ColumnFieldsProps) {
  const { t } = useTranslation("data");
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-md border border-line p-2">
      <Field label={t("tables.columnName", { number })} isLabelHidden className="min-w-32 flex-1">
        {(ids) => (
          <Input
            {...ids}
            placeholder={t("name")}
            required
            maxLength={100}
            dir="auto"
            value={column.name}
            onChange={(event) => onChange({ name: event.target.value })}
          />
        )}
      </Field>
      <Select
        aria-label={t("tables.columnType", { number })}
        className="w-32"
        value={column.type}
        disabled={column.id !== undefined}
        onChange={(value) => {
          const type = value as Draft["type"];
          onChange({ type, ...(type === "json" ? { unique: false } : {}) });
        }}
        options={types.map((value) => ({ value, label: t(`types.${value}`) }))}
      />
      <Checkbox
        label={t("required")}
        checked={column.required}
        onChange={(required) => onChange({ required })}
      />
      <Checkbox
        label={t("unique")}
        checked={column.unique}
        disabled={column.type === "json"}
        onChange={(unique) => onChange({ unique })}
      />
      <IconButton
        size="small"
        icon={X}
        label={t("tables.removeColumn", { number })}
        disabled={onRemove === undefined}
        onClick={onRemove}
        className="ms-auto"
      />
    </div>
  );
}
