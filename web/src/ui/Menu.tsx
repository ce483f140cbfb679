// A menu of actions. Entries are data, so that the same list can also be commands of the palette.
import type { LucideIcon } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";
import { classes } from "./classes.ts";
import { KeyHint } from "./KeyHint.tsx";

export type MenuEntry =
  | "separator"
  | {
      label: string;
      icon?: LucideIcon;
      keys?: string;
      danger?: boolean;
      disabled?: boolean;
      onSelect(): void;
    };

type MenuProps = { trigger: ReactNode; entries: readonly MenuEntry[]; align?: "start" | "end" };

export function Menu({ trigger, entries, align = "end" }: MenuProps) {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className="z-50 min-w-44 animate-fade rounded-lg border border-line bg-panel p-1 shadow-over"
        >
          {entries.map((entry, index) =>
            entry === "separator" ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: separators have nothing else, and never move
              <DropdownMenu.Separator key={index} className="mx-1 my-1 h-px bg-line" />
            ) : (
              <DropdownMenu.Item
                key={entry.label}
                disabled={entry.disabled ?? false}
                onSelect={entry.onSelect}
                className={classes(
                  "flex h-8 cursor-pointer select-none items-center gap-2 rounded-md px-2 text-sm outline-none data-disabled:opacity-50 data-highlighted:bg-hover pointer-coarse:h-10",
                  entry.danger && "text-fail data-highlighted:bg-fail-soft",
                )}
              >
                {entry.icon && <entry.icon aria-hidden className="size-4 opacity-80" />}
                <span className="flex-1">{entry.label}</span>
                {entry.keys !== undefined && <KeyHint keys={entry.keys} />}
              </DropdownMenu.Item>
            ),
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
