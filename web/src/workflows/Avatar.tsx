// A person in the place of a letter or two; the whole name is spoken, and shown as a tooltip.
import { classes } from "../ui/classes.ts";
import { Tooltip } from "../ui/Tooltip.tsx";

export function Avatar({ name, className }: { name: string; className?: string }) {
  return (
    <Tooltip text={name}>
      <span
        className={classes(
          "inline-grid size-6 select-none place-items-center rounded-full bg-accent-soft font-medium text-2xs text-accent-text",
          className,
        )}
      >
        <span aria-hidden>{initialsOf(name)}</span>
        <span className="sr-only">{name}</span>
      </span>
    </Tooltip>
  );
}

/** Of the first and the last word, as letters of any script. */
function initialsOf(name: string): string {
  const words = name.split(/[\s@._-]+/u).filter((word) => word !== "");
  const chosen = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  // Arabic letters would join to a word that is none.
  return chosen.map((word) => [...(word ?? "?")][0]?.toLocaleUpperCase() ?? "").join("\u200c");
}
