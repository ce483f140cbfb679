// A button that is only an icon: its label is spoken, and shown as a tooltip.
import type { LucideIcon } from "lucide-react";
import type { ComponentProps } from "react";
import { classes } from "./classes.ts";
import { Tooltip } from "./Tooltip.tsx";

export type IconButtonProps = Omit<ComponentProps<"button">, "children"> & {
  icon: LucideIcon;
  label: string;
  /** Shown beside the label, such as a key. */
  hint?: string;
  size?: "small" | "normal";
  pressed?: boolean;
  /** Arrows and the like point the other way in right-to-left languages. */
  mirrored?: boolean;
};

export function IconButton({
  icon: Icon,
  label,
  hint,
  size = "normal",
  pressed,
  mirrored = false,
  className,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip text={label} {...(hint === undefined ? {} : { hint })}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        aria-pressed={pressed}
        className={classes(
          "inline-grid shrink-0 place-items-center rounded-md text-muted transition-colors duration-100 hover:bg-hover hover:text-text",
          "disabled:pointer-events-none disabled:opacity-50 aria-pressed:bg-accent-soft aria-pressed:text-accent-text",
          size === "small" ? "size-7 pointer-coarse:size-10" : "size-8 pointer-coarse:size-10",
          className,
        )}
      >
        <Icon aria-hidden className={classes("size-4", mirrored && "rtl:-scale-x-100")} />
      </button>
    </Tooltip>
  );
}
