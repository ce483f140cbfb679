// A panel that slides in from the side where it was asked: navigation from the start, details from the end.
import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { classes } from "./classes.ts";
import { IconButton } from "./IconButton.tsx";

type SheetProps = {
  open: boolean;
  onOpenChange(open: boolean): void;
  title: ReactNode;
  side?: "start" | "end";
  children: ReactNode;
  className?: string;
};

export function Sheet({ open, onOpenChange, title, side = "end", children, className }: SheetProps) {
  const { t } = useTranslation("ui");
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-fade bg-scrim" />
        <Radix.Content
          aria-describedby={undefined}
          className={classes(
            "fixed inset-y-0 z-40 flex w-[min(26rem,92vw)] animate-sheet flex-col bg-panel shadow-over",
            side === "start" ? "start-0 border-line border-e" : "end-0 border-line border-s",
            className,
          )}
        >
          <div className="flex h-12 shrink-0 items-center justify-between gap-2 ps-4 pe-2">
            <Radix.Title className="truncate font-semibold text-base">{title}</Radix.Title>
            <Radix.Close asChild>
              <IconButton icon={X} label={t("close")} />
            </Radix.Close>
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto px-4 pb-4">{children}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
