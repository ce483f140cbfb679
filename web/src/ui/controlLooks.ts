// What text fields and selects have in common.
export const controlLooks = [
  "w-full min-w-0 rounded-md border border-control-line/60 bg-panel px-2.5 text-sm text-text",
  "hover:border-control-line focus-visible:border-accent focus-visible:outline-offset-0",
  "aria-invalid:border-fail disabled:bg-sunken disabled:text-faint",
].join(" ");
