// Reads a JavaScript pattern once: judges whether the host's engine is safe for it, and writes the same
// pattern for re2, whose time grows evenly with the text.
//
// The host's engine backtracks. It is used only when no group is repeated, at most one `*`, `+` or `{n}` appears,
// the choices (`|` and `?`) multiply to at most CHOICES_MAX, and the text is short. Everything else goes to re2.

export type Judged = {
  readonly ok: true;
  readonly re2: string;
  readonly isSimple: boolean;
  readonly hasRepeat: boolean;
  readonly choices: number;
  /** How large the pattern is once its repeats are written out, as re2 does. */
  readonly weight: number;
  readonly groupNames: readonly (string | undefined)[];
};
export type Refused = { readonly ok: false; readonly message: string; readonly hint: string };

const CHOICES_MAX = 16;
const CLASS_WEIGHT = 4;
const SPACE =
  "\\t\\n\\v\\f\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}";
const NOT_SPACE =
  "\\x{0}-\\x{8}\\x{e}-\\x{1f}!-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}" +
  "\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}";
const ANY = "[\\x{0}-\\x{10ffff}]";
const NOTHING = "[^\\x{0}-\\x{10ffff}]";
const NOT_LINE_END = "[^\\n\\r\\x{2028}\\x{2029}]";

type Reader = {
  readonly source: string;
  readonly flags: string;
  at: number;
  out: string;
  repeats: number;
  choices: number;
  /** Weights of the groups that are open, the whole pattern first. */
  weights: number[];
  /** Weight of what a quantifier would repeat. */
  last: number;
  hasRepeatedGroup: boolean;
  groupNames: (string | undefined)[];
  refused: Refused | null;
};

const USE_CODE_STEP = "Use a Code step for this pattern.";

/** `source` must be a pattern the host accepts with these flags. */
export function judge(source: string, flags: string): Judged | Refused {
  const r: Reader = {
    source,
    flags,
    at: 0,
    out: "",
    repeats: 0,
    choices: 1,
    weights: [0],
    last: 0,
    hasRepeatedGroup: false,
    groupNames: [undefined],
    refused: null,
  };
  const alternatives = [1];
  while (r.at < source.length && r.refused === null) readPart(r, alternatives);
  r.choices *= alternatives[0] ?? 1;
  if (r.refused !== null) return r.refused;
  return {
    ok: true,
    re2: r.out,
    isSimple: !r.hasRepeatedGroup && r.repeats <= 1 && r.choices <= CHOICES_MAX,
    hasRepeat: r.repeats > 0,
    choices: Math.min(r.choices, CHOICES_MAX),
    weight: r.weights[0] ?? 0,
    groupNames: r.groupNames,
  };
}

function readPart(r: Reader, alternatives: number[]): void {
  const char = r.source[r.at] ?? "";
  switch (char) {
    case "(":
      alternatives.push(1);
      r.weights.push(1);
      return openGroup(r);
    case ")": {
      r.choices *= alternatives.pop() ?? 1;
      weigh(r, r.weights.pop() ?? 0);
      r.at++;
      r.out += ")";
      const length = quantifierAt(r);
      if (length > 0) r.hasRepeatedGroup = true;
      return;
    }
    case "|":
      alternatives.push((alternatives.pop() ?? 1) + 1);
      r.at++;
      r.out += "|";
      return;
    case "[":
      weigh(r, CLASS_WEIGHT);
      return readClass(r);
    case "\\":
      weigh(r, /[pPsS]/.test(r.source[r.at + 1] ?? "") ? CLASS_WEIGHT : 1);
      r.out += readEscape(r, false);
      return;
    case ".":
      weigh(r, 1);
      r.at++;
      r.out += r.flags.includes("s") ? ANY : NOT_LINE_END;
      return;
    case "*":
    case "+":
    case "?":
      return readQuantifier(r);
    case "{":
      if (quantifierAt(r) > 0) return readQuantifier(r);
      break;
    case "^":
    case "$":
      r.at++;
      r.out += char;
      return;
  }
  weigh(r, 1);
  r.out += literal(readChar(r));
}

function weigh(r: Reader, weight: number): void {
  r.last = weight;
  r.weights.push((r.weights.pop() ?? 0) + weight);
}

function readChar(r: Reader): string {
  const char = String.fromCodePoint(r.source.codePointAt(r.at) ?? 0);
  r.at += char.length;
  return char;
}

function openGroup(r: Reader): void {
  const rest = r.source.slice(r.at, r.at + 80);
  const name = /^\(\?<([A-Za-z_]\w*)>/.exec(rest);
  if (/^\(\?(=|!|<=|<!)/.test(rest)) {
    r.refused = {
      ok: false,
      message: "Look-ahead and look-behind cannot be used in a pattern here.",
      hint: USE_CODE_STEP,
    };
  } else if (name) {
    r.groupNames.push(name[1]);
    r.out += `(?P<${name[1]}>`;
    r.at += name[0].length;
  } else if (rest.startsWith("(?:")) {
    r.out += "(?:";
    r.at += 3;
  } else if (rest.startsWith("(?")) {
    r.refused = {
      ok: false,
      message: "This kind of group cannot be used in a pattern here.",
      hint: USE_CODE_STEP,
    };
  } else {
    r.groupNames.push(undefined);
    r.out += "(";
    r.at++;
  }
}

const QUANTIFIER = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/;

function quantifierAt(r: Reader): number {
  return QUANTIFIER.exec(r.source.slice(r.at, r.at + 40))?.[0].length ?? 0;
}

function readQuantifier(r: Reader): void {
  const length = quantifierAt(r);
  const text = r.source.slice(r.at, r.at + length);
  const counts = /^\{(\d+)(?:,(\d*))?/.exec(text);
  if (counts) weigh(r, r.last * Math.max(1, Number(counts[1]), Number(counts[2] ?? 0)));
  if (text.startsWith("?")) r.choices *= 2;
  else r.repeats++;
  r.out += text;
  r.at += Math.max(1, length);
}

function literal(char: string): string {
  if (/^[A-Za-z0-9_ ]$/.test(char)) return char;
  const code = char.codePointAt(0) ?? 0;
  return code < 128 && code > 32 ? `\\${char}` : `\\x{${code.toString(16)}}`;
}

/** One escape, as re2 writes it. In a class the brackets are already there. */
function readEscape(r: Reader, inClass: boolean): string {
  const next = r.source[r.at + 1] ?? "";
  r.at += 2;
  if (next === "s") return inClass ? SPACE : `[${SPACE}]`;
  if (next === "S") return inClass ? NOT_SPACE : `[${NOT_SPACE}]`;
  if (next === "b" && inClass) return "\\x{8}";
  if ("dDwWbBnrtvf".includes(next)) return `\\${next}`;
  if (next === "0" && !/\d/.test(r.source[r.at] ?? "")) return "\\x{0}";
  if (/[0-9k]/.test(next)) {
    r.refused = {
      ok: false,
      message: "A back-reference cannot be used in a pattern here.",
      hint: USE_CODE_STEP,
    };
    return "";
  }
  if ((next === "p" || next === "P") && r.flags.includes("u")) return readProperty(r, next);
  const code = readCodeEscape(r, next);
  if (code !== undefined) return `\\x{${code.toString(16)}}`;
  r.at--;
  return literal(readChar(r));
}

/** `\x41`, `\u0041`, `\u{1F600}`, `\cA`: the code point; undefined for an escaped character. */
function readCodeEscape(r: Reader, next: string): number | undefined {
  const rest = r.source.slice(r.at, r.at + 12);
  const hex =
    next === "x"
      ? /^([0-9a-fA-F]{2})/.exec(rest)
      : next === "u"
        ? (/^([0-9a-fA-F]{4})/.exec(rest) ??
          (r.flags.includes("u") ? /^\{([0-9a-fA-F]{1,8})\}/.exec(rest) : null))
        : null;
  if (hex) {
    r.at += hex[0].length;
    const code = Number.parseInt(hex[1] ?? "0", 16);
    return code >= 0xd800 && code < 0xdc00 ? readLowSurrogate(r, code) : code;
  }
  if (next !== "c" || !/^[A-Za-z]/.test(rest)) return undefined;
  r.at++;
  return rest.charCodeAt(0) % 32;
}

function readLowSurrogate(r: Reader, high: number): number {
  const low = /^\\u(d[c-f][0-9a-f]{2})/i.exec(r.source.slice(r.at, r.at + 6));
  if (!low) return high;
  r.at += 6;
  return (high - 0xd800) * 0x400 + (Number.parseInt(low[1] ?? "dc00", 16) - 0xdc00) + 0x10000;
}

function readProperty(r: Reader, letter: string): string {
  const property = /^\{(?:(?:Script|sc|General_Category|gc)=)?([A-Za-z_]+)\}/.exec(
    r.source.slice(r.at, r.at + 60),
  );
  if (!property) {
    r.refused = {
      ok: false,
      message: "This character property cannot be used in a pattern here.",
      hint: USE_CODE_STEP,
    };
    return "";
  }
  r.at += property[0].length;
  const name = property[1] ?? "";
  return `\\${letter}{${LONG_PROPERTIES.get(name) ?? name}}`;
}

const LONG_PROPERTIES = new Map([
  ["Letter", "L"],
  ["Lowercase_Letter", "Ll"],
  ["Uppercase_Letter", "Lu"],
  ["Number", "N"],
  ["Decimal_Number", "Nd"],
  ["Punctuation", "P"],
  ["Symbol", "S"],
  ["Separator", "Z"],
  ["Mark", "M"],
]);

function readClass(r: Reader): void {
  const isNegated = r.source[r.at + 1] === "^";
  r.at += isNegated ? 2 : 1;
  let inner = "";
  while (r.at < r.source.length && r.source[r.at] !== "]" && r.refused === null) {
    const low = readClassAtom(r);
    const isRange = r.source[r.at] === "-" && r.source[r.at + 1] !== "]" && low.isSingle;
    if (!isRange) {
      inner += low.text;
      continue;
    }
    r.at++;
    const high = readClassAtom(r);
    inner += high.isSingle ? `${low.text}-${high.text}` : `${low.text}\\-${high.text}`;
  }
  r.at++;
  if (inner === "") r.out += isNegated ? ANY : NOTHING;
  else r.out += `[${isNegated ? "^" : ""}${inner}]`;
}

function readClassAtom(r: Reader): { text: string; isSingle: boolean } {
  if (r.source[r.at] !== "\\") return { text: literal(readChar(r)), isSingle: true };
  const letter = r.source[r.at + 1] ?? "";
  return { text: readEscape(r, true), isSingle: !"dDwWsSpP".includes(letter) };
}
