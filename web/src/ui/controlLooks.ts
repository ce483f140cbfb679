// What text fields and selects have in common. They fill their place unless the caller gives a width.
import { classes } from "./classes.ts";

const looks = [
  "min-w-0 rounded-md border border-control-line/60 bg-panel px-2.5 text-sm text-text",
  "hover:border-control-line focus-visible:border-accent focus-visible:outline-offset-0",
  "aria-invalid:border-fail disabled:bg-sunken disabled:text-faint",
].join(" ");

export function controlLooks(...own: (string | false | undefined)[]): string {
  const all = classes(...own);
  return classes(looks, /(^|\s)w-/.test(all) ? undefined : "w-full", all);
}
