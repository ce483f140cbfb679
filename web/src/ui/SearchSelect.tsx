// One of very many: what is typed is looked for, and only what was found is listed. Looks like a Select; the caller asks
// for what fits the text.
import { Command } from "cmdk";
import { Check, ChevronDown } from "lucide-react";
import { Popover } from "radix-ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { classes } from "./classes.ts";
import { controlLooks } from "./controlLooks.ts";

export type Found = { value: string; label: string };

type SearchSelectProps = {
  value: string;
  onChange(value: string): void;
  search: string;
  onSearch(search: string): void;
  /** Undefined while nothing is known yet. */
  found: readonly Found[] | undefined;
  /** More fit than are listed. */
  hasMore: boolean;
  /** Listed above the others while nothing is looked for, such as "any". */
  first?: Found | undefined;
  /** What the value is called, which may not be among what was found. */
  chosen: string | undefined;
  placeholder?: string;
  className?: string;
  id?: string;
  "aria-label"?: string;
  "aria-describedby"?: string | undefined;
  "aria-invalid"?: true | undefined;
};

export function SearchSelect(props: SearchSelectProps) {
  const { value, onChange, search, onSearch, found, hasMore, first, chosen, placeholder, className } = props;
  const { t } = useTranslation("ui");
  const [isOpen, setIsOpen] = useState(false);
  const listed = [...(first && search === "" ? [first] : []), ...(found ?? [])];
  const open = (next: boolean) => {
    setIsOpen(next);
    if (!next) onSearch("");
  };
  return (
    // Modal, so that the list can be scrolled above a dialog, which lets nothing outside of it scroll.
    <Popover.Root open={isOpen} onOpenChange={open} modal>
      <Popover.Trigger
        role="combobox"
        aria-expanded={isOpen}
        id={props.id}
        aria-label={props["aria-label"]}
        aria-describedby={props["aria-describedby"]}
        aria-invalid={props["aria-invalid"]}
        className={controlLooks(
          "flex h-8 items-center justify-between gap-2 text-start pointer-coarse:h-10",
          className,
        )}
      >
        <span dir="auto" className={classes("truncate", !chosen && "text-faint")}>
          {chosen || placeholder}
        </span>
        <ChevronDown aria-hidden className="size-4 shrink-0 text-muted" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          aria-label={t("find")}
          align="start"
          sideOffset={4}
          collisionPadding={8}
          className="z-50 w-(--radix-popover-trigger-width) min-w-64 max-w-[calc(100vw-1rem)] animate-fade overflow-hidden rounded-lg border border-line bg-panel shadow-over"
        >
          <Command shouldFilter={false} loop label={t("find")}>
            <Command.Input
              value={search}
              onValueChange={onSearch}
              placeholder={t("find")}
              maxLength={200}
              className="h-9 w-full border-line border-b bg-transparent px-3 text-sm outline-none pointer-coarse:h-11"
            />
            <Command.List
              label={t("found")}
              className="max-h-[min(18rem,calc(var(--radix-popover-content-available-height)-5rem))] overflow-y-auto p-1"
            >
              <Command.Empty role="status" className="px-3 py-2 text-muted text-sm">
                {t(found ? "noneFound" : "loading")}
              </Command.Empty>
              {listed.map((one) => (
                <Command.Item
                  key={one.value}
                  value={one.value}
                  onSelect={() => {
                    onChange(one.value);
                    open(false);
                  }}
                  className="relative flex min-h-8 cursor-pointer select-none items-center rounded-md py-1 ps-7 pe-3 text-sm data-[selected=true]:bg-hover pointer-coarse:min-h-10"
                >
                  {one.value === value && (
                    <Check aria-hidden className="absolute start-2 size-4 text-accent-text" />
                  )}
                  <span dir="auto" className="min-w-0 break-words">
                    {one.label}
                  </span>
                </Command.Item>
              ))}
            </Command.List>
            {hasMore && (
              <p className="border-line border-t px-3 py-1.5 text-muted text-xs">{t("moreToFind")}</p>
            )}
          </Command>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
