// A panel that slides in from the side where it was asked: navigation from the start, details from the end.
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { CloseButton } from "./CloseButton.tsx";
import { classes } from "./classes.ts";

type SheetProps = {
  open: boolean;
  onOpenChange(open: boolean): void;
  title: ReactNode;
  side?: "start" | "end";
  children: ReactNode;
  width?: "narrow" | "normal" | "wide";
  className?: string;
};

const widths = { narrow: "w-72", normal: "w-[min(26rem,92vw)]", wide: "w-[min(48rem,96vw)]" };

export function Sheet({
  open,
  onOpenChange,
  title,
  side = "end",
  width = "normal",
  children,
  className,
}: SheetProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-fade bg-scrim" />
        <Radix.Content
          aria-describedby={undefined}
          className={classes(
            "fixed inset-y-0 z-40 flex animate-sheet flex-col bg-panel shadow-over",
            widths[width],
            side === "start" ? "start-0 border-line border-e" : "end-0 border-line border-s",
            className,
          )}
        >
          <Radix.Title className="flex min-h-12 shrink-0 items-center py-2 ps-4 pe-14 font-semibold text-base">
            <span dir="auto" className="line-clamp-2">
              {title}
            </span>
          </Radix.Title>
          <div className="min-h-0 flex-1 overflow-y-auto px-4 pb-4">{children}</div>
          <Radix.Close asChild>
            <CloseButton className="absolute end-2 top-2.5" />
          </Radix.Close>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
