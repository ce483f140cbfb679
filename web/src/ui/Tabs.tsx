// Tabs. `value` and `onChange` belong to the caller, so that the chosen tab can live in the address.
import { Tabs as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { classes } from "./classes.ts";

export type Tab = { value: string; label: ReactNode; content: ReactNode; disabled?: boolean };

type TabsProps = {
  label: string;
  tabs: readonly Tab[];
  value: string;
  onChange(value: string): void;
  /** At the end of the row of tabs. */
  aside?: ReactNode;
  className?: string;
  contentClassName?: string;
};

export function Tabs({ label, tabs, value, onChange, aside, className, contentClassName }: TabsProps) {
  return (
    <Radix.Root
      value={value}
      onValueChange={onChange}
      className={classes("flex min-h-0 flex-col", className)}
    >
      <div className="flex items-center gap-4 border-line border-b">
        <Radix.List aria-label={label} className="-mb-px flex min-w-0 flex-1 gap-4 overflow-x-auto">
          {tabs.map((tab) => (
            <Radix.Trigger
              key={tab.value}
              value={tab.value}
              disabled={tab.disabled ?? false}
              className="h-9 shrink-0 pointer-coarse:h-11 pointer-coarse:min-w-10 border-transparent border-b-2 text-muted text-sm -outline-offset-2 hover:text-text disabled:opacity-50 data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-text"
            >
              {tab.label}
            </Radix.Trigger>
          ))}
        </Radix.List>
        {aside}
      </div>
      {tabs.map((tab) => (
        <Radix.Content
          key={tab.value}
          value={tab.value}
          className={classes("min-h-0 pt-3", contentClassName)}
        >
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
