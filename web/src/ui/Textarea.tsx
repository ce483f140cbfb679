// Several lines of text; `mono` for data and code.
import type { ComponentProps } from "react";
import { controlLooks } from "./controlLooks.ts";

export function Textarea({
  className,
  mono = false,
  ...rest
}: ComponentProps<"textarea"> & { mono?: boolean }) {
  return (
    <textarea
      rows={4}
      spellCheck={!mono}
      {...rest}
      {...(mono ? { dir: "ltr" } : {})}
      className={controlLooks(
        "resize-y py-1.5 pointer-coarse:text-lg",
        mono && "font-mono text-xs leading-5",
        className,
      )}
    />
  );
}
