// Takes rows from a CSV file, all or none. The server names every line that is wrong.
import { FileUp } from "lucide-react";
import { type FormEvent, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Table, useImportRows } from "../api/data.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { ErrorState } from "../ui/ErrorState.tsx";
import { Field } from "../ui/Field.tsx";
import { Select } from "../ui/Select.tsx";
import { toast } from "../ui/toasts.ts";

const delimiters = { comma: ",", semicolon: ";", tab: "\t" } as const;
type Delimiter = keyof typeof delimiters;

export function ImportDialog({ table, onClose }: { table: Table; onClose(): void }) {
  const { t } = useTranslation("data");
  const formId = useId();
  const input = useRef<HTMLInputElement>(null);
  const importRows = useImportRows();
  const [file, setFile] = useState<File | null>(null);
  const [match, setMatch] = useState("");
  const [delimiter, setDelimiter] = useState<Delimiter>("comma");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (file === null) return;
    importRows.mutate(
      { id: table.id, file, match, delimiter: delimiters[delimiter] },
      {
        onSuccess: ({ inserted, updated }) => {
          toast.success(t("import.done", { inserted, updated }));
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={t("import.title")}
      description={t("import.text")}
      actions={
        <>
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <Button
            type="submit"
            form={formId}
            tone="primary"
            busy={importRows.isPending}
            disabled={file === null}
          >
            {t("import.action")}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="grid gap-4">
        <div className="flex flex-wrap items-center gap-3 rounded-lg border border-line-strong border-dashed p-4">
          <FileUp aria-hidden className="size-5 text-faint" />
          <span dir="auto" className="min-w-0 flex-1 truncate text-muted">
            {file?.name ?? t("import.none")}
          </span>
          <Button size="small" onClick={() => input.current?.click()}>
            {t("import.choose")}
          </Button>
          <input
            ref={input}
            type="file"
            accept=".csv,.tsv,.txt,text/csv"
            aria-label={t("import.file")}
            className="hidden"
            onChange={(event) => {
              importRows.reset();
              setFile(event.target.files?.[0] ?? null);
            }}
          />
        </div>
        <Field label={t("import.delimiter")}>
          {(ids) => (
            <Select
              {...ids}
              value={delimiter}
              onChange={(value) => setDelimiter(value as Delimiter)}
              options={(Object.keys(delimiters) as Delimiter[]).map((value) => ({
                value,
                label: t(`import.delimiters.${value}`),
              }))}
            />
          )}
        </Field>
        <Field label={t("import.match")} help={t("import.matchHelp")}>
          {(ids) => (
            <Select
              {...ids}
              value={match || "none"}
              onChange={(value) => setMatch(value === "none" ? "" : value)}
              options={[
                { value: "none", label: t("import.noMatch") },
                ...table.columns
                  .filter(({ type, name }) => type !== "json" && !name.includes(","))
                  .map(({ name }) => ({ value: name, label: name })),
              ]}
            />
          )}
        </Field>
        {importRows.error && <ErrorState error={importRows.error} />}
      </form>
    </Dialog>
  );
}
