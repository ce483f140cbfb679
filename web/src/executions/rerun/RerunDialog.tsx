// Runs again, as a new execution: from the start or from a step, with the input as it was or edited.
import type { Execution } from "@auraos/contract";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { executionKeys, useRerun } from "../../api/executions.ts";
import { paths } from "../../paths.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { ErrorState } from "../../ui/ErrorState.tsx";
import { Field } from "../../ui/Field.tsx";
import { Select } from "../../ui/Select.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { Switch } from "../../ui/Switch.tsx";
import { toast } from "../../ui/toasts.ts";
import { jsonText, parseJson } from "../json.ts";
import { EDITABLE_ITEMS_MAX, readExecutionInput, readWholeInput } from "../queries.ts";
import { useConfirmedRerun } from "./useConfirmedRerun.ts";

const JsonEditor = lazy(() => import("./JsonEditor.tsx"));
const START = "#start";

type RerunDialogProps = {
  execution: Execution;
  node?: string | undefined;
  edit?: boolean;
  onClose(): void;
};

export function RerunDialog({ execution, node, edit = false, onClose }: RerunDialogProps) {
  const { t } = useTranslation("executions");
  const navigate = useNavigate();
  const [from, setFrom] = useState(node ?? START);
  const [isEdited, setIsEdited] = useState(edit);
  const [text, setText] = useState<string | undefined>(undefined);
  const [problem, setProblem] = useState("");
  const [error, setError] = useState<unknown>(undefined);
  const rerun = useRerun();
  const confirmed = useConfirmedRerun();
  const before = useInputBefore(execution.id, from, isEdited);
  const shown = text ?? (before.data === undefined ? undefined : jsonText(before.data.value));
  const choices = execution.timeline.filter(({ run, status }) => !run.includes("/") && status !== "skipped");

  const run = async () => {
    const input = isEdited ? parseJson(shown ?? "null") : undefined;
    if (input && !input.ok) return setProblem(t("rerun.notJson", { reason: input.reason }));
    const request = {
      id: execution.id,
      ...(from === START ? {} : { node: from }),
      ...(input ? { input: input.value } : {}),
    };
    try {
      const started = await confirmed(() => rerun.mutateAsync(request), request);
      if (!started) return;
      toast.success(t("rerun.started"));
      onClose();
      navigate(paths.execution(started.id));
    } catch (refused) {
      setError(refused);
    }
  };

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("rerun.title")}
      description={t("rerun.text")}
      width={isEdited ? "normal" : "narrow"}
      actions={
        <>
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <Button
            tone="primary"
            busy={rerun.isPending}
            disabled={isEdited && shown === undefined}
            onClick={() => void run()}
          >
            {t("rerun.action")}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Field label={t("rerun.from")}>
          {(ids) => (
            <Select
              {...ids}
              value={from}
              onChange={(next) => {
                setFrom(next);
                setText(undefined);
              }}
              options={[
                { value: START, label: t("rerun.fromStart") },
                ...choices.slice(1).map(({ node: value, name }) => ({ value, label: name })),
              ]}
            />
          )}
        </Field>
        <Switch label={t("rerun.edit")} checked={isEdited} onChange={setIsEdited} />
        {isEdited && before.data?.value === undefined && before.isSuccess && (
          <p className="text-muted">{t("rerun.tooMuch", { count: EDITABLE_ITEMS_MAX })}</p>
        )}
        {isEdited && shown !== undefined && (
          <Field label={t("rerun.input")} help={t("rerun.inputHelp")} error={problem || undefined}>
            {(ids) => (
              <Suspense fallback={<Skeleton className="h-60 w-full" />}>
                <JsonEditor
                  key={from}
                  label={t("rerun.input")}
                  id={ids.id}
                  text={shown}
                  onChange={(next) => {
                    setText(next);
                    setProblem("");
                  }}
                />
              </Suspense>
            )}
          </Field>
        )}
        {isEdited && before.isPending && <Skeleton className="h-60 w-full" />}
        {error !== undefined && <ErrorState error={error} />}
      </div>
    </Dialog>
  );
}

function useInputBefore(id: string, from: string, isWanted: boolean) {
  return useQuery({
    queryKey: [...executionKeys.one(id), "editable", from],
    queryFn: async () => ({
      value: from === START ? await readExecutionInput(id) : await readWholeInput(id, from),
    }),
    enabled: isWanted,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
