// Keys as they stand on the keyboard: "Mod+K" is ⌘K on a Mac and Ctrl K elsewhere.
import { classes } from "./classes.ts";

const isMac = typeof navigator !== "undefined" && /mac|iphone|ipad/i.test(navigator.userAgent);
const symbols: Record<string, string> = isMac
  ? { Mod: "⌘", Shift: "⇧", Alt: "⌥", Enter: "↵" }
  : { Mod: "Ctrl", Enter: "↵" };

export function KeyHint({ keys, inverse = false }: { keys: string; inverse?: boolean }) {
  return (
    <kbd dir="ltr" className="inline-flex gap-0.5 font-sans text-2xs">
      {keys.split("+").map((key) => (
        <span
          key={key}
          className={classes(
            "grid h-4 min-w-4 place-items-center rounded-sm border px-1 leading-none",
            inverse ? "border-current/40 text-current" : "border-line-strong bg-panel text-muted",
          )}
        >
          {symbols[key] ?? key}
        </span>
      ))}
    </kbd>
  );
}
