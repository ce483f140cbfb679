// A form at the door: fields, one button, and what the server refused said above the button.
import { CircleAlert } from "lucide-react";
import { type ComponentProps, type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../ui/Button.tsx";
import { describeError } from "../ui/describeError.ts";
import { Field } from "../ui/Field.tsx";
import { Input } from "../ui/Input.tsx";

type DoorFormProps = {
  action: string;
  /** Throws what the server refused. */
  onSubmit(): Promise<void>;
  children: ReactNode;
};

export function DoorForm({ action, onSubmit, children }: DoorFormProps) {
  const { t } = useTranslation("ui");
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const described = problem === null ? null : describeError(problem, t);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isBusy || !event.currentTarget.reportValidity()) return;
    setIsBusy(true);
    setProblem(null);
    try {
      await onSubmit();
    } catch (error) {
      setProblem(error);
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <form onSubmit={submit} className="grid gap-4">
      {children}
      {described !== null && (
        <p role="alert" className="flex items-start gap-1.5 text-fail text-sm">
          <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          <span>
            {described.title} {described.remedy}
          </span>
        </p>
      )}
      <Button type="submit" tone="primary" busy={isBusy} className="h-10">
        {action}
      </Button>
    </form>
  );
}

type DoorFieldProps = Omit<ComponentProps<"input">, "onChange" | "value"> & {
  label: string;
  help?: string;
  value: string;
  onChange(value: string): void;
};

export function DoorField({ label, help, value, onChange, ...rest }: DoorFieldProps) {
  return (
    <Field label={label} {...(help === undefined ? {} : { help })}>
      {(ids) => (
        <Input
          {...ids}
          {...rest}
          required={rest.required ?? true}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          className="h-10"
        />
      )}
    </Field>
  );
}
