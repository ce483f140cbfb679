// The place of the panel as long as its form is loaded. Who went into it by key is there already: what they type is kept for
// the first field, where on the canvas each letter would be a command.
import { useEffect, useRef } from "react";
import { useBuilder, useBuilderState } from "../state/BuilderContext.tsx";
import { PanelFrame } from "./PanelFrame.tsx";

export function ComingPanel() {
  const builder = useBuilder();
  const isEntered = useBuilderState((state) => state.typedAhead !== null);
  const frame = useRef<HTMLElement>(null);
  useEffect(() => {
    if (isEntered) frame.current?.focus({ preventScroll: true });
  }, [isEntered]);
  return (
    <PanelFrame
      ref={frame}
      tabIndex={-1}
      aria-busy
      onKeyDown={(event) => {
        const typed = builder.get().typedAhead ?? "";
        if (event.key === "Escape") {
          builder.open(null);
          document.getElementById("builder-canvas")?.focus({ preventScroll: true });
        } else if (event.key === "Backspace") builder.set({ typedAhead: typed.slice(0, -1) });
        else if (isLetter(event)) builder.set({ typedAhead: typed + event.key });
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    />
  );
}

/** Of any script, also one of two code units; names of keys (`Enter`, `F5`) are longer. */
function isLetter({ key, ctrlKey, metaKey, altKey }: KeyLike): boolean {
  return !ctrlKey && !metaKey && !altKey && [...key].length === 1;
}

type KeyLike = { key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean };
