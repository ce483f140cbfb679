// What a task runs after: any number of others, each with what it must have come to.
import { Plus, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useTasks } from "../api/tasks.ts";
import { TaskSelect } from "../pick/TaskSelect.tsx";
import { Button } from "../ui/Button.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { Select } from "../ui/Select.tsx";
import type { DependencyRow, TaskForm } from "./taskForm.ts";

const conditions = ["success", "failure", "completion"] as const;

type Props = { form: TaskForm; change(changes: Partial<TaskForm>): void; ownId: string | undefined };

export function DependencyFields({ form, change, ownId }: Props) {
  const { t } = useTranslation("tasks");
  const { data } = useTasks("");
  const others = (data?.pages ?? []).flatMap(({ items }) => items).filter(({ id }) => id !== ownId);
  const rows = form.dependencies;
  const replace = (at: number, row: DependencyRow) =>
    change({ dependencies: rows.map((one, index) => (index === at ? row : one)) });
  return (
    <fieldset className="grid min-w-0 gap-2">
      <legend className="mb-1 font-medium text-xs">{t("form.after")}</legend>
      {rows.map((row, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row has no name of its own, and the same task may stand twice for a moment
        <div key={at} className="flex min-w-0 flex-wrap items-center gap-2">
          <div className="min-w-40 flex-1">
            <TaskSelect
              aria-label={t("form.afterTask", { place: at + 1 })}
              value={row.task}
              except={ownId}
              onChange={(task) => replace(at, { ...row, task })}
              placeholder={t("form.chooseTask")}
            />
          </div>
          <div className="w-36">
            <Select
              aria-label={t("form.afterCondition", { place: at + 1 })}
              value={row.on}
              onChange={(on) => replace(at, { ...row, on: on as DependencyRow["on"] })}
              options={conditions.map((value) => ({ value, label: t(`on.${value}`) }))}
            />
          </div>
          <IconButton
            size="small"
            icon={X}
            label={t("form.removeAfter", { place: at + 1 })}
            onClick={() => change({ dependencies: rows.filter((_, index) => index !== at) })}
          />
        </div>
      ))}
      <Button
        size="small"
        className="justify-self-start"
        disabled={others.length === 0}
        onClick={() => change({ dependencies: [...rows, { task: "", on: "success" }] })}
      >
        <Plus aria-hidden className="size-3.5" />
        {t("form.addAfter")}
      </Button>
    </fieldset>
  );
}
