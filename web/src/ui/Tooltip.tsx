// A few words about a control, on hover and on keyboard focus. Never the only place of something important: touch
// screens do not show it.
import { Tooltip as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { KeyHint } from "./KeyHint.tsx";

export const TooltipProvider = Radix.Provider;

type TooltipProps = {
  text: ReactNode;
  hint?: string;
  side?: "top" | "bottom" | "left" | "right";
  children: ReactNode;
};

export function Tooltip({ text, hint, side = "bottom", children }: TooltipProps) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="z-50 flex max-w-xs animate-fade items-center gap-2 rounded-md bg-text px-2 py-1 text-bg text-xs shadow-over"
        >
          {text}
          {hint !== undefined && <KeyHint keys={hint} inverse />}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
