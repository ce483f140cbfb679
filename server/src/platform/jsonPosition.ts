// Where a text stops being JSON. V8 says so only for some errors, and a person with a long document needs the place.
// Asked only after JSON.parse has refused, so speed does not matter; depth does, hence no recursion.
const token =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these in texts
  /[ \t\r\n]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/y;

export function jsonErrorPosition(text: string): number {
  const open: ("{" | "[")[] = [];
  let expected: "value" | "valueOrEnd" | "keyOrEnd" | "key" | "colon" | "commaOrEnd" = "value";
  token.lastIndex = 0;
  for (;;) {
    const at = token.lastIndex;
    const match: RegExpExecArray | null = token.exec(text);
    const start = skipBlanks(text, at);
    if (!match) return start;
    const [, mark, string] = match;
    if (mark === undefined) {
      const isKey: boolean = expected === "key" || expected === "keyOrEnd";
      if (isKey && string === undefined) return start;
      if (!isKey && expected !== "value" && expected !== "valueOrEnd") return start;
      expected = isKey ? "colon" : "commaOrEnd";
    } else if (mark === "{" || mark === "[") {
      if (expected !== "value" && expected !== "valueOrEnd") return start;
      open.push(mark);
      expected = mark === "{" ? "keyOrEnd" : "valueOrEnd";
    } else if (mark === "}" || mark === "]") {
      const canEnd = expected === "commaOrEnd" || expected === (mark === "}" ? "keyOrEnd" : "valueOrEnd");
      if (!canEnd || open.pop() !== (mark === "}" ? "{" : "[")) return start;
      expected = "commaOrEnd";
    } else if (mark === ",") {
      if (expected !== "commaOrEnd" || open.length === 0) return start;
      expected = open.at(-1) === "{" ? "key" : "value";
    } else {
      if (expected !== "colon") return start;
      expected = "value";
    }
    if (open.length === 0 && expected === "commaOrEnd") return skipBlanks(text, token.lastIndex);
  }
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && " \t\r\n".includes(text[at] ?? "x")) at += 1;
  return at;
}
