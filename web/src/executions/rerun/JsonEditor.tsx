// A text field for JSON: colours, brackets, and what is wrong at its place. Escape, then Tab leaves it by keyboard.
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json, jsonParseLinter } from "@codemirror/lang-json";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { linter } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useEffectEvent, useRef } from "react";
import { styleNonce } from "../../ui/styleNonce.ts";

type JsonEditorProps = { label: string; id?: string; text: string; onChange(text: string): void };

const looks = EditorView.theme({
  "&": {
    fontSize: "12px",
    border: "1px solid var(--line-strong)",
    borderRadius: "6px",
    backgroundColor: "var(--panel)",
    color: "var(--text)",
  },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "-1px" },
  ".cm-scroller": {
    fontFamily: "var(--font-mono)",
    lineHeight: "20px",
    maxHeight: "22rem",
    minHeight: "10rem",
  },
  ".cm-content": { padding: "8px 4px", caretColor: "var(--text)" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--accent-soft)",
  },
  ".cm-tooltip": {
    backgroundColor: "var(--panel)",
    color: "var(--text)",
    border: "1px solid var(--line-strong)",
  },
});

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--accent-text)" },
  { tag: tags.string, color: "var(--ok)" },
  { tag: tags.number, color: "var(--run)" },
  { tag: [tags.bool, tags.null], color: "var(--wait)" },
]);

export default function JsonEditor({ label, id, text, onChange }: JsonEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const changed = useEffectEvent(onChange);
  const start = useRef(text);

  // The editor is not React's: it is made once for the place, and tells what was typed.
  useEffect(() => {
    if (!place.current) return;
    const nonce = styleNonce();
    const view = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: start.current,
        extensions: [
          ...(nonce === undefined ? [] : [EditorView.cspNonce.of(nonce)]),
          history(),
          json(),
          linter(jsonParseLinter()),
          bracketMatching(),
          syntaxHighlighting(colours),
          keymap.of([...defaultKeymap, ...historyKeymap]),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({
            "aria-label": label,
            tabindex: "0",
            ...(id === undefined ? {} : { id }),
          }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed(update.state.doc.toString());
          }),
          looks,
        ],
      }),
    });
    return () => view.destroy();
  }, [label, id]);

  return <div ref={place} dir="ltr" />;
}
