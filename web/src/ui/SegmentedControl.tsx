// One of two to four, all visible: theme, language, a view.
import type { LucideIcon } from "lucide-react";
import { RadioGroup } from "radix-ui";

export type Segment<Value extends string> = { value: Value; label: string; icon?: LucideIcon };

type SegmentedControlProps<Value extends string> = {
  label: string;
  segments: readonly Segment<Value>[];
  value: Value;
  onChange(value: Value): void;
};

export function SegmentedControl<Value extends string>({
  label,
  segments,
  value,
  onChange,
}: SegmentedControlProps<Value>) {
  return (
    <RadioGroup.Root
      aria-label={label}
      value={value}
      onValueChange={(next) => onChange(next as Value)}
      className="inline-flex max-w-full gap-0.5 overflow-x-auto rounded-md bg-sunken p-0.5 [scrollbar-width:none]"
    >
      {segments.map(({ value: one, label: text, icon: Icon }) => (
        <RadioGroup.Item
          key={one}
          value={one}
          className="inline-flex h-7 shrink-0 items-center gap-1.5 rounded-sm border border-transparent px-2.5 font-medium text-muted text-xs hover:text-text data-[state=checked]:border-line data-[state=checked]:bg-panel data-[state=checked]:text-text data-[state=checked]:shadow-panel dark:data-[state=checked]:border-line-strong dark:data-[state=checked]:bg-line whitespace-nowrap -outline-offset-2 pointer-coarse:h-10"
        >
          {Icon && <Icon aria-hidden className="size-3.5 max-sm:hidden" />}
          {text}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
