// Texts of two directions in one line: which way one is read, and what keeps a part from turning the rest around.
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;

/** An Arabic sentence is one also when it begins with a name in Latin letters. */
export function directionOfText(text: string): "rtl" | "ltr" {
  return rightToLeft.test(text) ? "rtl" : "ltr";
}

/** Kept apart from the direction of the text around it; of no width. */
export function leftToRight(text: string): string {
  return text === "" ? "" : `\u2066${text}\u2069`;
}

/** A text in Arabic in which examples (`0 9 * * 1-5`, `*.csv`, `{name}`) are read from the left. */
export function withExamples(text: string): string {
  return text.replace(/[!-~]+(?: [!-~]+)*/g, (run) => {
    if (!/[\w*?$<{[]/.test(run)) return run;
    const end = endOf(run);
    return `${leftToRight(run.slice(0, end))}${run.slice(end)}`;
  });
}

/** Without what ends the sentence around it: a stop, or a bracket that was opened before. */
function endOf(run: string): number {
  let end = run.length;
  while (end > 0) {
    const last = run[end - 1] ?? "";
    const within = run.slice(0, end);
    const isOpenedBefore = last === ")" && within.split(")").length > within.split("(").length;
    if (!isOpenedBefore && !".,:;!".includes(last)) break;
    end -= 1;
  }
  return end;
}

/** Turns what follows it around, or ends what keeps others apart. */
const turns = /[\u202a-\u202e\u2066-\u2069]/g;
/** Those that no name needs. */
const overrides = /[\u202a-\u202e]/g;

/**
 * A text of somebody else within a line: signs that would turn the line around, and are not seen, are written out. Parts that
 * are kept apart and end within the text harm nobody.
 */
export function withTurnsShown(text: string): string {
  if (text.search(turns) === -1) return text;
  return text.replace(
    endsWhatItOpens(text) ? overrides : turns,
    (sign) => `[U+${sign.charCodeAt(0).toString(16).toUpperCase()}]`,
  );
}

function endsWhatItOpens(text: string): boolean {
  let open = 0;
  for (const sign of text) {
    if (sign >= "\u2066" && sign <= "\u2068") open += 1;
    if (sign === "\u2069") open -= 1;
    if (open < 0) return false;
  }
  return open === 0;
}
