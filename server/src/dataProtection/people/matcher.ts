// Finds what a person is known by in texts, and replaces it. An identifier is found as a whole: ann@example.com is not in
// joann@example.com, and 4711 is not in 47110.
import type { Identifier } from "@auraos/contract";

export const ERASED = "[erased]";

export type Matcher = {
  /** Quick: may be true where `erase` then finds nothing. */
  maybe(text: string): boolean;
  has(text: string): boolean;
  /** The text with every occurrence replaced; the same text when there is none. */
  erase(text: string): string;
  /** The whole text is one of the identifiers. */
  isOne(text: string): boolean;
  /** What stands around the first occurrence, for a person to recognise it. */
  around(text: string): string;
  /** For the database: finds at least what `has` finds, as a POSIX regular expression without regard to case. */
  posix: string;
};

export function createMatcher(identifiers: readonly Identifier[]): Matcher {
  const bodies = identifiers.flatMap(bodiesOf);
  const source = bodies.map(({ before, body, after }) => `${before}(?:${body})${after}`).join("|");
  const loose = new RegExp(bodies.map(({ body }) => body).join("|"), "iu");
  const all = new RegExp(source, "giu");
  const whole = new RegExp(`^\\s*(?:${bodies.map(({ body }) => body).join("|")})\\s*$`, "iu");
  return {
    maybe: (text) => loose.test(text),
    has: (text) => text.search(all) >= 0,
    erase: (text) => text.replace(all, ERASED),
    isOne: (text) => whole.test(text),
    around(text) {
      const at = text.search(all);
      if (at < 0) return "";
      const from = Math.max(0, at - 40);
      return `${from > 0 ? "…" : ""}${text.slice(from, at + 80)}${at + 80 < text.length ? "…" : ""}`;
    },
    posix: bodies.map(({ posix }) => `(${posix})`).join("|"),
  };
}

type Body = { before: string; body: string; after: string; posix: string };

/** As it is, and as addresses and forms encode it. */
function bodiesOf({ kind, value }: Identifier): Body[] {
  const text = value.trim().normalize("NFC");
  if (kind === "phone") return [phone(text)];
  const [before, after] =
    kind === "email"
      ? ["(?<![\\p{L}\\p{N}._%+-])", "(?![\\p{L}\\p{N}-]|\\.[\\p{L}\\p{N}])"]
      : ["(?<![\\p{L}\\p{N}])", "(?![\\p{L}\\p{N}])"];
  const plain = kind === "name" ? words(text) : [escaped(text), posixEscaped(text)];
  const [body = "", posix = ""] = plain;
  const encoded = encodeURIComponent(text);
  const bodies = [{ before, body, after, posix }];
  if (encoded !== text) bodies.push({ before, body: escaped(encoded), after, posix: posixEscaped(encoded) });
  const base64 = Buffer.from(text).toString("base64").replace(/=+$/, "");
  // Of a short text other texts have the same base64 by chance.
  if (base64.length >= 10)
    bodies.push({
      before: "(?<![A-Za-z0-9+/])",
      body: `${escaped(base64)}={0,2}`,
      after: "",
      posix: posixEscaped(base64),
    });
  return bodies;
}

/** The digits, however they are grouped. */
function phone(text: string): Body {
  const digits = text.replace(/\D/g, "");
  const between = "[\\s().\\/-]{0,3}";
  const posixBetween = "[[:space:]()./-]{0,3}";
  // International and national: +47 912... and 0047 912... are the same number.
  const [first = "", ...rest] = digits.replace(/^00/, "");
  return {
    before: "(?<!\\d)(?:\\+|00)?",
    body: [first, ...rest].join(between),
    after: "(?!\\d)",
    posix: [first, ...rest].join(posixBetween),
  };
}

function words(text: string): [string, string] {
  const parts = text.split(/\s+/);
  return [parts.map(escaped).join("\\s+"), parts.map(posixEscaped).join("[[:space:]]+")];
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

function posixEscaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
