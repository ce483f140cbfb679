// CodeMirror as a field: the value comes from outside, and goes out with every letter. Undo belongs to the builder, so
// the editor keeps no history of its own.
import { closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap } from "@codemirror/commands";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, keymap, placeholder as showPlaceholder } from "@codemirror/view";
import { useEffect, useEffectEvent, useRef } from "react";
import { styleNonce } from "../../ui/styleNonce.ts";
import { editorTheme } from "./editorTheme.ts";

/** Mod+Enter runs the workflow, here as everywhere. */
const editing = defaultKeymap.filter(({ key }) => key !== "Mod-Enter");

type CodeEditorProps = {
  value: string;
  onChange(value: string): void;
  label: string;
  extensions?: Extension;
  /** Put the cursor here and take the focus, once. */
  cursor?: number | undefined;
  placeholder?: string;
  describedBy?: string | undefined;
  invalid?: boolean;
  minLines?: number;
};

export function CodeEditor({
  value,
  onChange,
  label,
  extensions = [],
  cursor,
  placeholder = "",
  describedBy,
  invalid = false,
  minLines = 1,
}: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const parts = useRef(new Compartment());
  const attributes = useRef(new Compartment());
  const changed = useEffectEvent(onChange);
  const initial = useEffectEvent(() => ({
    value,
    cursor,
    extensions,
    look: contentAttributes(label, describedBy, invalid),
  }));

  // The editor is a thing of its own, made once.
  useEffect(() => {
    if (!host.current) return;
    const start = initial();
    const nonce = styleNonce();
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: start.value,
        selection: { anchor: Math.min(start.cursor ?? start.value.length, start.value.length) },
        extensions: [
          nonce ? EditorView.cspNonce.of(nonce) : [],
          drawSelection(),
          closeBrackets(),
          keymap.of([...closeBracketsKeymap, ...completionKeymap, ...editing]),
          EditorView.lineWrapping,
          editorTheme,
          showPlaceholder(placeholder),
          attributes.current.of(start.look),
          parts.current.of(start.extensions),
          EditorView.updateListener.of((update) => {
            if (update.docChanged && !update.transactions.some((one) => one.isUserEvent("outside")))
              changed(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    if (start.cursor !== undefined) editor.focus();
    return () => editor.destroy();
  }, [placeholder]);

  // Undo, a conflict, another node: the text may change from outside.
  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === value) return;
    editor.dispatch({
      changes: { from: 0, to: editor.state.doc.length, insert: value },
      userEvent: "outside",
    });
  }, [value]);

  useEffect(() => view.current?.dispatch({ effects: parts.current.reconfigure(extensions) }), [extensions]);
  useEffect(
    () =>
      view.current?.dispatch({
        effects: attributes.current.reconfigure(contentAttributes(label, describedBy, invalid)),
      }),
    [label, describedBy, invalid],
  );

  return (
    <div
      ref={host}
      dir="ltr"
      style={{ minHeight: `${minLines * 20 + 12}px` }}
      className={`code-editor rounded-md border bg-panel ${invalid ? "border-fail" : "border-control-line/60 hover:border-control-line"}`}
    />
  );
}

function contentAttributes(label: string, describedBy: string | undefined, invalid: boolean): Extension {
  return EditorView.contentAttributes.of({
    // Else dialogs do not count it among what Tab reaches, and go round it.
    tabindex: "0",
    "aria-label": label,
    ...(describedBy ? { "aria-describedby": describedBy } : {}),
    ...(invalid ? { "aria-invalid": "true" } : {}),
  });
}
