// From what the person wrote to what the guest evaluates, and from a place in the latter back to the former.
//
// The code becomes the body of an async function. Its first line is the second line of the whole; types are replaced
// by spaces of the same length, so that lines and columns stay true.
import { stripTypeScriptTypes } from "node:module";

export type Place = { line?: number; column?: number };

export const guestFileName = "code";
const linesBefore = 1;

export function asFunction(code: string): string {
  return `(async function () {\n${code}\n})`;
}

/** Gives the code without types, or says what is wrong with them. */
export function withoutTypes(source: string): { source: string } | ({ trouble: string } & Place) {
  try {
    return { source: stripTypeScriptTypes(source, { mode: "strip" }) };
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    return { trouble: error.message, ...placeInHeading(error.stack ?? "") };
  }
}

/** Node puts `:line`, the line, and carets under the column before the message. */
function placeInHeading(stack: string): Place {
  const [first = "", ...rest] = stack.split("\n");
  const line = Number(/^[^\n]*:(\d+)$/.exec(first)?.[1]);
  if (!(line > linesBefore)) return {};
  const carets = rest.find((text) => /^\s*\^+\s*$/.test(text));
  return { line: line - linesBefore, ...(carets ? { column: carets.indexOf("^") + 1 } : {}) };
}

/** The innermost place in the person's code that a stack of the guest names. */
export function placeInStack(stack: string): Place {
  const found = /[ (]code:(\d+):(\d+)/.exec(stack);
  if (!found) return {};
  const line = Number(found[1]) - linesBefore;
  return line >= 1 ? { line, column: Number(found[2]) } : {};
}

export function offsetOf(code: string, { line, column }: Place): number | undefined {
  if (line === undefined) return undefined;
  let start = 0;
  for (let passed = 1; passed < line; passed += 1) {
    const end = code.indexOf("\n", start);
    // Beyond the last line: what is missing is at the end.
    if (end === -1) return code.length;
    start = end + 1;
  }
  return Math.min(code.length, start + (column ?? 1) - 1);
}
