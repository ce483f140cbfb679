// One of a few. Radix gives type-ahead, arrow keys and focus; the list opens over the field. A page may have hundreds of
// these: the options of one are made when it is first reached, and only its label stands there until then.
import { Check, ChevronDown } from "lucide-react";
import { Select as Radix } from "radix-ui";
import { useState } from "react";
import { controlLooks } from "./controlLooks.ts";
import { styleNonce } from "./styleNonce.ts";

export type SelectOption = { value: string; label: string; disabled?: boolean };

type SelectProps = {
  options: readonly SelectOption[];
  value: string;
  onChange(value: string): void;
  placeholder?: string;
  disabled?: boolean;
  className?: string;
  id?: string;
  "aria-label"?: string;
  "aria-describedby"?: string | undefined;
  "aria-invalid"?: true | undefined;
};

export function Select({
  options,
  value,
  onChange,
  placeholder,
  disabled = false,
  className,
  ...rest
}: SelectProps) {
  const [isReached, setIsReached] = useState(false);
  const reach = () => setIsReached(true);
  return (
    <Radix.Root value={value} onValueChange={onChange} onOpenChange={reach} disabled={disabled}>
      <Radix.Trigger
        {...rest}
        onFocus={reach}
        className={controlLooks(
          "flex h-8 items-center justify-between gap-2 text-start data-placeholder:text-faint pointer-coarse:h-10",
          className,
        )}
      >
        <span className="truncate">
          <Radix.Value placeholder={placeholder}>
            {options.find((option) => option.value === value)?.label}
          </Radix.Value>
        </span>
        <ChevronDown aria-hidden className="size-4 shrink-0 text-muted" />
      </Radix.Trigger>
      {isReached && <Choices options={options} />}
    </Radix.Root>
  );
}

function Choices({ options }: Pick<SelectProps, "options">) {
  return (
    <Radix.Portal>
      <Radix.Content
        position="popper"
        sideOffset={4}
        collisionPadding={8}
        className="z-50 max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width) animate-fade overflow-hidden rounded-lg border border-line bg-panel shadow-over"
      >
        <Radix.Viewport nonce={styleNonce()} className="p-1">
          {options.map((option) => (
            <Radix.Item
              key={option.value}
              value={option.value}
              disabled={option.disabled ?? false}
              className="relative flex h-8 cursor-pointer select-none items-center rounded-md ps-7 pe-3 text-sm outline-none data-disabled:opacity-50 data-highlighted:bg-hover pointer-coarse:h-10"
            >
              <Radix.ItemIndicator className="absolute start-2">
                <Check aria-hidden className="size-4 text-accent-text" />
              </Radix.ItemIndicator>
              <Radix.ItemText>{option.label}</Radix.ItemText>
            </Radix.Item>
          ))}
        </Radix.Viewport>
      </Radix.Content>
    </Radix.Portal>
  );
}
