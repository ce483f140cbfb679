// biome-ignore-all lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
// Text as it is, with a way to copy it. Always left to right: code is, in every language.

import { CopyButton } from "./CopyButton.tsx";
import { classes } from "./classes.ts";

type CodeBlockProps = { text: string; label: string; canCopy?: boolean; className?: string };

export function CodeBlock({ text, label, canCopy = true, className }: CodeBlockProps) {
  return (
    <div dir="ltr" className="relative rounded-md border border-line bg-sunken">
      <section tabIndex={0} aria-label={label} className={classes("overflow-auto p-3 pe-10", className)}>
        <pre className="whitespace-pre-wrap font-mono text-xs leading-5">{text}</pre>
      </section>
      {canCopy && (
        <div className="absolute end-1 top-1">
          <CopyButton text={text} />
        </div>
      )}
    </div>
  );
}
