// Yes or no, with its label beside it; the label belongs to what can be pressed.
import { Check, Minus } from "lucide-react";
import { Checkbox as Radix } from "radix-ui";
import { type ReactNode, useId } from "react";

type CheckboxProps = {
  label: ReactNode;
  checked: boolean | "indeterminate";
  onChange(checked: boolean): void;
  help?: ReactNode;
  disabled?: boolean;
};

export function Checkbox({ label, checked, onChange, help, disabled = false }: CheckboxProps) {
  const id = useId();
  return (
    <div className="flex items-start gap-2">
      <Radix.Root
        id={id}
        checked={checked}
        disabled={disabled}
        onCheckedChange={(next) => onChange(next === true)}
        {...(help ? { "aria-describedby": `${id}-help` } : {})}
        className="relative mt-0.5 grid size-4 shrink-0 place-items-center rounded-sm border border-control-line bg-panel disabled:opacity-50 data-[state=checked]:border-accent data-[state=indeterminate]:border-accent data-[state=checked]:bg-accent data-[state=indeterminate]:bg-accent pointer-coarse:after:absolute pointer-coarse:after:-inset-3"
      >
        <Radix.Indicator className="text-on-accent">
          {checked === "indeterminate" ? (
            <Minus aria-hidden className="size-3" strokeWidth={3} />
          ) : (
            <Check aria-hidden className="size-3" strokeWidth={3} />
          )}
        </Radix.Indicator>
      </Radix.Root>
      <div className="min-w-0">
        <label htmlFor={id} className="text-sm">
          {label}
        </label>
        {help && (
          <p id={`${id}-help`} className="text-muted text-xs">
            {help}
          </p>
        )}
      </div>
    </div>
  );
}
