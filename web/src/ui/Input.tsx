// One line of text. Larger on touch screens, where small text makes the page zoom.
import type { ComponentProps } from "react";
import { controlLooks } from "./controlLooks.ts";

export function Input({ className, type = "text", ...rest }: ComponentProps<"input">) {
  return (
    <input
      {...rest}
      type={type}
      className={controlLooks("h-8 pointer-coarse:h-10 pointer-coarse:text-lg", className)}
    />
  );
}
