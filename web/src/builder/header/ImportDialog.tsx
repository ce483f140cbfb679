// A definition from a file or a paste takes the place of the draft; undo brings the old one back. What cannot be taken
// is said with its place.
import { Upload } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useTold } from "../../problems/useTold.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { Field } from "../../ui/Field.tsx";
import { Textarea } from "../../ui/Textarea.tsx";
import { importWorkflow } from "../graph/importWorkflow.ts";
import { useReplaceGraph } from "./useReplaceGraph.ts";

export function ImportDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation("builder");
  const tell = useTold();
  const replace = useReplaceGraph();
  const [text, setText] = useState("");
  const imported = text.trim() === "" ? undefined : importWorkflow(text);
  const problems = imported && !imported.ok ? imported.problems.map(tell) : [];
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("import.title")}
      description={t("import.help")}
      width="normal"
      actions={
        <Button
          tone="primary"
          disabled={!imported?.ok}
          onClick={() => {
            if (imported?.ok) void replace(imported.graph, "import");
            onClose();
          }}
        >
          {t("import.apply")}
        </Button>
      }
    >
      <div className="grid gap-4">
        <Button asChild className="justify-self-start">
          <label className="cursor-pointer focus-within:outline-2 focus-within:outline-accent">
            <Upload aria-hidden className="size-4" />
            {t("import.file")}
            <input
              type="file"
              accept=".json,.yaml,.yml,application/json,application/yaml"
              className="sr-only"
              onChange={async (event) => setText((await event.target.files?.[0]?.text()) ?? "")}
            />
          </label>
        </Button>
        <Field label={t("import.text")}>
          {(ids) => (
            <Textarea
              {...ids}
              mono
              rows={10}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
        {problems.length > 0 && (
          <ul role="alert" className="grid gap-1.5">
            {problems.slice(0, 20).map((problem) => (
              <li key={problem.path + problem.code} className="rounded-md bg-fail-soft px-3 py-2 text-sm">
                <span className="font-medium text-fail">{problem.message}</span> {problem.remedy}
                <code className="mt-0.5 block font-mono text-2xs text-muted">
                  {problem.path ||
                    (problem.position !== undefined && t("import.at", placeOf(text, problem.position)))}
                </code>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Dialog>
  );
}

function placeOf(text: string, position: number): { line: number; column: number } {
  const before = text.slice(0, position).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
