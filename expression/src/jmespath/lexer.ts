// Words and signs of a JMESPath query.

export type Token =
  | { readonly type: "name"; readonly text: string; readonly isQuoted: boolean }
  | { readonly type: "number"; readonly value: number }
  | { readonly type: "literal"; readonly text: string }
  | { readonly type: "raw"; readonly text: string }
  | { readonly type: "sign"; readonly text: string }
  | { readonly type: "end" };

const SIGN = /^(?:\[\?|\[\]|&&|\|\||==|!=|<=|>=|[.*[\](){},:|@&!<>])/;

/** undefined when the query holds something that is no word of the language. */
export function tokensOf(query: string): Token[] | undefined {
  const tokens: Token[] = [];
  let at = 0;
  while (at < query.length) {
    const rest = query.slice(at);
    const blank = /^\s+/.exec(rest);
    if (blank) {
      at += blank[0].length;
      continue;
    }
    const read = readToken(rest);
    if (!read) return undefined;
    tokens.push(read.token);
    at += read.length;
  }
  tokens.push({ type: "end" });
  return tokens;
}

function readToken(rest: string): { token: Token; length: number } | undefined {
  const name = /^[A-Za-z_]\w*/.exec(rest);
  if (name) return { token: { type: "name", text: name[0], isQuoted: false }, length: name[0].length };
  const number = /^-?\d+/.exec(rest);
  if (number) return { token: { type: "number", value: Number(number[0]) }, length: number[0].length };
  const first = rest[0];
  if (first === '"' || first === "'" || first === "`") return readQuoted(rest, first);
  const sign = SIGN.exec(rest);
  return sign ? { token: { type: "sign", text: sign[0] }, length: sign[0].length } : undefined;
}

function readQuoted(rest: string, mark: string): { token: Token; length: number } | undefined {
  let text = "";
  for (let i = 1; i < rest.length; i++) {
    const char = rest[i] ?? "";
    if (char === "\\" && i + 1 < rest.length) {
      const next = rest[++i] ?? "";
      text += next === mark && mark !== '"' ? next : `\\${next}`;
    } else if (char === mark) return { token: quotedToken(text, mark), length: i + 1 };
    else text += char;
  }
  return undefined;
}

function quotedToken(text: string, mark: string): Token {
  if (mark === "'") return { type: "raw", text };
  if (mark === "`") return { type: "literal", text };
  return { type: "name", text: unescaped(text), isQuoted: true };
}

function unescaped(text: string): string {
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return text;
  }
}
