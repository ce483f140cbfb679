// The answer to an approval: the fields that the workflow asks for, then yes or no. The first answer counts.
import { Check, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useAnswerWait } from "../../api/executions.ts";
import { Button } from "../../ui/Button.tsx";
import { toast } from "../../ui/toasts.ts";
import { useTellFailure } from "../../ui/useTellFailure.ts";
import type { Wait } from "../queries.ts";
import { dataOf, type FormValues, fieldsOf, problemsOf } from "./formFields.ts";
import { SchemaField } from "./SchemaField.tsx";

export function ApprovalForm({ id, wait }: { id: string; wait: Wait }) {
  const { t } = useTranslation("executions");
  const fields = fieldsOf(wait.form);
  const [values, setValues] = useState<FormValues>({});
  const [isChecked, setIsChecked] = useState(false);
  const answer = useAnswerWait();
  const tellFailure = useTellFailure();
  const problems = problemsOf(fields, values);
  const send = (decision: "approve" | "reject") => {
    setIsChecked(true);
    if (decision === "approve" && problems.size > 0) return;
    answer.mutate(
      { id, wait: wait.wait, decision, ...(fields.length > 0 ? { data: dataOf(fields, values) } : {}) },
      { onSuccess: () => toast.success(t(`people.done.${decision}`)), onError: tellFailure },
    );
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        send("approve");
      }}
      className="grid gap-3"
    >
      {fields.length > 0 && (
        <div className="grid items-start gap-3 sm:grid-cols-2">
          {fields.map((field) => {
            const problem = isChecked ? problems.get(field.name) : undefined;
            return (
              <SchemaField
                key={field.name}
                field={field}
                value={values[field.name]}
                error={problem && t(`people.problems.${problem}`)}
                onChange={(value) => setValues({ ...values, [field.name]: value })}
              />
            );
          })}
        </div>
      )}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" tone="primary" busy={answer.isPending}>
          <Check aria-hidden className="size-4" />
          {t("people.approve")}
        </Button>
        <Button onClick={() => send("reject")} disabled={answer.isPending}>
          <X aria-hidden className="size-4" />
          {t("people.reject")}
        </Button>
      </div>
    </form>
  );
}
