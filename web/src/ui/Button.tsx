// The button. `asChild` lends its looks to a link, because what goes somewhere is a link. While `busy` it keeps its
// width and its focus and cannot be pressed again.
import { LoaderCircle } from "lucide-react";
import { Slot } from "radix-ui";
import type { ComponentProps } from "react";
import { classes } from "./classes.ts";

export type ButtonProps = ComponentProps<"button"> & {
  tone?: "primary" | "normal" | "quiet" | "danger";
  size?: "small" | "normal";
  busy?: boolean;
  asChild?: boolean;
};

const tones = {
  primary: "border-transparent bg-accent text-on-accent hover:bg-accent-hover",
  normal: "border-line-strong bg-panel text-text hover:bg-hover",
  quiet: "border-transparent bg-transparent text-muted hover:bg-hover hover:text-text",
  danger: "border-transparent bg-danger text-on-danger hover:bg-danger-hover",
};

const sizes = {
  small: "h-7 px-2 text-xs pointer-coarse:h-10 pointer-coarse:min-w-10",
  normal: "h-8 px-3 text-sm pointer-coarse:h-10",
};

export function Button({
  tone = "normal",
  size = "normal",
  busy = false,
  asChild = false,
  type = "button",
  className,
  children,
  disabled,
  onClick,
  ...rest
}: ButtonProps) {
  const looks = classes(
    "relative inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md border font-medium transition-colors duration-100",
    "disabled:pointer-events-none disabled:opacity-50",
    tones[tone],
    sizes[size],
    className,
  );
  if (asChild) {
    return (
      <Slot.Root className={looks} {...rest}>
        {children}
      </Slot.Root>
    );
  }
  return (
    <button
      {...rest}
      type={type}
      className={looks}
      disabled={disabled}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    >
      {busy && <LoaderCircle aria-hidden className="absolute size-4 animate-turn" />}
      <span className={classes("inline-flex items-center gap-1.5", busy && "opacity-0")}>{children}</span>
    </button>
  );
}
