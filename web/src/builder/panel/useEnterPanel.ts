// Into the form, or what else can be reached in the panel, for who goes there by key: Tab on the canvas asks for the next node
// and would not lead there. What was typed before the form was there is written into the field.
import { type RefObject, useEffect } from "react";
import { useBuilder, useBuilderState } from "../state/BuilderContext.tsx";

const fields = "input, textarea, [contenteditable=true], [role=combobox], [role=switch], [role=checkbox]";
/** A letter that is kept may not press what has the focus. */
const texts = "input, textarea, [contenteditable=true]";

/** After the effects of the form within: its editors are there. */
export function useEnterPanel(panel: RefObject<HTMLElement | null>): void {
  const builder = useBuilder();
  const typed = useBuilderState((state) => state.typedAhead);
  useEffect(() => {
    if (typed === null || !panel.current) return;
    builder.set({ typedAhead: null });
    const tab = panel.current.querySelector("[role=tabpanel][data-state=active]");
    const place =
      firstOf(tab, fields) ??
      firstOf(tab, "button, a[href]") ??
      firstOf(panel.current, "button") ??
      panel.current;
    place.focus();
    // As a person types it, so that fields and editors of every kind take it and can undo it.
    if (typed !== "" && place.matches(texts)) document.execCommand("insertText", false, typed);
  }, [typed, builder, panel]);
}

function firstOf(within: Element | null, selector: string): HTMLElement | undefined {
  const found = [...(within?.querySelectorAll<HTMLElement>(selector) ?? [])];
  return found.find((one) => !one.matches(":disabled, [aria-hidden=true]"));
}
