// Import: files (several at once, dropped or chosen) or a pasted text, JSON or YAML. The server says what is wrong.
import { FileUp } from "lucide-react";
import { type DragEvent, type FormEvent, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useImportWorkflow } from "../api/workflows.ts";
import { Button } from "../ui/Button.tsx";
import { classes } from "../ui/classes.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { ErrorState } from "../ui/ErrorState.tsx";
import { Field } from "../ui/Field.tsx";
import { Textarea } from "../ui/Textarea.tsx";
import { toast } from "../ui/toasts.ts";

export function ImportWorkflowsDialog({ open, onClose }: { open: boolean; onClose(): void }) {
  const { t } = useTranslation("workflows");
  const formId = useId();
  const { mutateAsync: importOne, reset } = useImportWorkflow();
  const [text, setText] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState<{ name?: string; error: unknown } | null>(null);

  const close = () => {
    setText("");
    setFailure(null);
    reset();
    onClose();
  };
  /** One after the other; the first that is refused ends it, and is named. */
  const importAll = async (sources: readonly { name?: string; text: string }[]) => {
    setIsBusy(true);
    setFailure(null);
    let names: string[] = [];
    for (const source of sources) {
      try {
        names = [...names, (await importOne(source.text)).name];
      } catch (error) {
        setFailure({ ...(source.name === undefined ? {} : { name: source.name }), error });
        break;
      }
    }
    setIsBusy(false);
    if (names.length > 0) toast.success(t("import.done", { count: names.length, name: names[0] }));
    if (names.length === sources.length) close();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() !== "") void importAll([{ text }]);
  };

  return (
    <Dialog
      open={open}
      onOpenChange={(isOpen) => !isOpen && close()}
      title={t("import.title")}
      description={t("import.text")}
      width="normal"
      actions={
        <>
          <Button onClick={close}>{t("ui:cancel")}</Button>
          <Button type="submit" form={formId} tone="primary" busy={isBusy} disabled={text.trim() === ""}>
            {t("import.action")}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="grid gap-4">
        <FileDrop onFiles={(files) => void readAll(files).then(importAll)} />
        <Field label={t("import.paste")}>
          {(ids) => (
            <Textarea {...ids} mono rows={8} value={text} onChange={(event) => setText(event.target.value)} />
          )}
        </Field>
        {failure && (
          <div className="grid gap-2">
            {failure.name !== undefined && (
              <p className="font-medium">{t("import.of", { file: failure.name })}</p>
            )}
            <ErrorState error={failure.error} />
          </div>
        )}
      </form>
    </Dialog>
  );
}

function FileDrop({ onFiles }: { onFiles(files: readonly File[]): void }) {
  const { t } = useTranslation("workflows");
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setIsOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    onFiles([...event.dataTransfer.files]);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is extra; the button inside does the same
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
      className={classes(
        "flex flex-wrap items-center gap-3 rounded-lg border border-dashed p-4",
        isOver ? "border-accent bg-accent-soft" : "border-line-strong",
      )}
    >
      <FileUp aria-hidden className="size-5 text-faint" />
      <span className="text-muted">{t("import.drop")}</span>
      <Button size="small" onClick={() => input.current?.click()}>
        {t("import.choose")}
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        accept=".json,.yaml,.yml"
        aria-label={t("import.choose")}
        onChange={(event) => onFiles([...(event.target.files ?? [])])}
        tabIndex={-1}
        className="sr-only"
      />
    </div>
  );
}

function readAll(files: readonly File[]): Promise<{ name: string; text: string }[]> {
  return Promise.all(files.map(async (file) => ({ name: file.name, text: await file.text() })));
}
