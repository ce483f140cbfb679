// JSON to text and back under the limits. The host's JSON functions only ever see plain data
// that was walked before, and never a replacer, reviver or toJSON.
import { KEY_BYTES, LIMITS } from "./limits.ts";
import { toJsonValue } from "./result.ts";
import { allocate, charge, chargeText, fail, limitError, madeText, type Run } from "./run.ts";
import type { Value } from "./values.ts";

export function toJsonText(run: Run, value: Value, indent = 0): string | undefined {
  const plain = toJsonValue(run, value, indent);
  if (plain === undefined) return undefined;
  return madeText(run, JSON.stringify(plain, null, indent));
}

export function parseJsonText(run: Run, text: string): Value {
  chargeStructure(run, text);
  try {
    return JSON.parse(text) as Value;
  } catch {
    const start = text.length > 40 ? `${text.slice(0, 40)}…` : text;
    throw fail(
      run,
      "INVALID_JSON",
      `This text is not JSON: ${start}`,
      "Check the text, or guard it with try and catch.",
    );
  }
}

/** Counts what parsing will build before building it. */
function chargeStructure(run: Run, text: string): void {
  chargeText(run, text.length * 4);
  let parts = 1;
  let keys = 0;
  let level = 0;
  let isInText = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (isInText) {
      if (code === 92) i++;
      else if (code === 34) isInText = false;
    } else if (code === 34) isInText = true;
    else if (code === 44) parts++;
    else if (code === 58) keys++;
    else if (code === 91 || code === 123) {
      parts++;
      if (++level > LIMITS.dataLevels) {
        throw limitError(run, "LIMIT_DATA_LEVELS", "dataLevels", LIMITS.dataLevels);
      }
    } else if (code === 93 || code === 125) level--;
  }
  charge(run, parts + keys * 4);
  allocate(run, text.length + parts * 8 + keys * KEY_BYTES);
}
