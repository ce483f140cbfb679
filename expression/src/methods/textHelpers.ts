// Helpers on texts beyond JavaScript, by the names n8n users know.
// Patterns used here go through the same safe search as the patterns of users.
import { toText } from "../convert.ts";
import { base64Decode, base64Encode, utf8Decode, utf8Encode } from "../encoding.ts";
import { hostCall } from "../hostCall.ts";
import { parseJsonText } from "../jsonText.ts";
import { compilePattern, type Pattern } from "../regex/pattern.ts";
import { RegexValue } from "../regex/regexValue.ts";
import { replaceIn } from "../regex/replace.ts";
import { searchIn } from "../regex/search.ts";
import { allocate, charge, chargeText, fail, madeText, type Run } from "../run.ts";
import { dateTimeFromText } from "../time/create.ts";
import { method, type Value } from "../values.ts";

function pattern(source: string, flags = ""): Pattern {
  const compiled = compilePattern(source, flags);
  if (!compiled.ok) throw new Error(compiled.message);
  return compiled.pattern;
}

const EMAIL = "[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)*\\.[A-Za-z]{2,24}";
const DOMAIN = "(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z]{2,24}";
const findEmail = pattern(EMAIL);
const isEmail = pattern(`^${EMAIL}$`);
const isDomain = pattern(`^${DOMAIN}$`);
const findUrl = pattern("https?://[^\\s<>\"'`]+", "i");
const isUrl = pattern("^(?:https?|ftp)://[^\\s/?#]+\\.?[^\\s]*$", "i");
const urlParts = pattern(
  "^(?:[A-Za-z][A-Za-z0-9+.-]*:)?(?://)?(?:[^/?#@\\s]*@)?([^/?#:@\\s]+)(?::\\d+)?([^?#\\s]*)",
);
const tags = new RegexValue(pattern("<[^<>]*>", "g"));
const accents = new RegexValue(pattern("[\\u0300-\\u036f]", "g"));

function found(run: Run, what: Pattern, text: string, group = 0): Value {
  return searchIn(run, what, text)(0)?.groups[group];
}

function matches(run: Run, what: Pattern, text: string): boolean {
  return searchIn(run, what, text)(0) !== null;
}

const recognising = {
  isEmpty: method<string>("isEmpty()", "True for the empty text.", (_run, self) => self === ""),
  isNotEmpty: method<string>("isNotEmpty()", "True when there is any text.", (_run, self) => self !== ""),
  isEmail: method<string>("isEmail()", "True for an e-mail address.", (run, self) =>
    matches(run, isEmail, self),
  ),
  isUrl: method<string>("isUrl()", "True for a web address.", (run, self) => matches(run, isUrl, self)),
  isDomain: method<string>("isDomain()", "True for a domain such as example.com.", (run, self) =>
    matches(run, isDomain, self),
  ),
  isNumeric: method<string>("isNumeric()", "True when the text is a number.", (run, self) => {
    chargeText(run, self.length);
    return self.trim() !== "" && Number.isFinite(Number(self));
  }),
  extractEmail: method<string>("extractEmail()", "The first e-mail address in it.", (run, self) =>
    found(run, findEmail, self),
  ),
  extractUrl: method<string>("extractUrl()", "The first web address in it.", (run, self) =>
    found(run, findUrl, self),
  ),
  extractDomain: method<string>("extractDomain()", "The domain of an e-mail or web address.", (run, self) =>
    domainOf(run, self),
  ),
  extractUrlPath: method<string>("extractUrlPath()", "The path of a web address.", (run, self) =>
    found(run, urlParts, self, 2),
  ),
};

function domainOf(run: Run, text: string): Value {
  const at = matches(run, isEmail, text) ? text.slice(text.lastIndexOf("@") + 1) : text;
  const host = found(run, urlParts, at, 1);
  if (typeof host === "string" && matches(run, isDomain, host)) return host;
  const url = found(run, findUrl, text);
  return typeof url === "string" ? found(run, urlParts, url, 1) : undefined;
}

function numberIn(run: Run, text: string): number {
  chargeText(run, text.length);
  return Number(text.trim() === "" ? Number.NaN : text);
}

const converting = {
  toInt: method<string>("toInt()", "A whole number.", (run, self) => wholeNumber(run, self)),
  toWholeNumber: method<string>("toWholeNumber()", "A whole number.", (run, self) => wholeNumber(run, self)),
  toFloat: method<string>("toFloat()", "A number.", (run, self) => decimalNumber(run, self)),
  toDecimalNumber: method<string>("toDecimalNumber()", "A number.", (run, self) => decimalNumber(run, self)),
  toNumber: method<string>("toNumber()", "A number; an error when the text is none.", (run, self) => {
    const number = numberIn(run, self);
    if (!Number.isNaN(number)) return number;
    throw fail(
      run,
      "BAD_ARGUMENT",
      `"${self.slice(0, 40)}" is not a number.`,
      "Check with isNumeric() first.",
    );
  }),
  toBoolean: method<string>(
    "toBoolean()",
    "false for false, no, off, 0 and empty text; true otherwise.",
    (_run, self) => {
      return self.length > 10 || !["", "false", "no", "off", "0", "null"].includes(self.trim().toLowerCase());
    },
  ),
  toDateTime: method<string>(
    "toDateTime(format)",
    "A DateTime from ISO text, other common forms, or by a format.",
    (run, self, [format]) => dateTimeFromText(run, self, format),
  ),
  toDate: method<string>("toDate()", "A DateTime from this text.", (run, self) =>
    dateTimeFromText(run, self, undefined),
  ),
  parseJson: method<string>("parseJson()", "The data written in this JSON text.", (run, self) =>
    parseJsonText(run, self),
  ),
  toJsonString: method<string>("toJsonString()", "The text as JSON, in quotes.", (run, self) =>
    madeText(run, JSON.stringify(self)),
  ),
};

function wholeNumber(run: Run, text: string): number {
  chargeText(run, text.length);
  return Number.parseInt(text, 10);
}

function decimalNumber(run: Run, text: string): number {
  chargeText(run, text.length);
  return Number.parseFloat(text);
}

const coding = {
  base64Encode: method<string>("base64Encode()", "As base64, from UTF-8.", (run, self) => {
    payForBytes(run, self);
    return madeText(run, base64Encode(utf8Encode(self)));
  }),
  base64Decode: method<string>("base64Decode()", "The text that was written as base64.", (run, self) => {
    payForBytes(run, self);
    const bytes = base64Decode(self);
    if (bytes) return madeText(run, utf8Decode(bytes));
    throw fail(run, "BAD_ARGUMENT", "This text is not base64.", "Check where it comes from.");
  }),
  urlEncode: method<string>(
    "urlEncode(wholeUrl)",
    "Safe to use in a web address; with true, keeps a whole address readable.",
    (run, self, [whole]) => {
      payForBytes(run, self);
      return madeText(
        run,
        hostCall(run, () => (whole ? encodeURI(self) : encodeURIComponent(self))),
      );
    },
  ),
  urlDecode: method<string>("urlDecode(wholeUrl)", "The reverse of urlEncode().", (run, self, [whole]) => {
    payForBytes(run, self);
    return madeText(
      run,
      hostCall(run, () => (whole ? decodeURI(self) : decodeURIComponent(self))),
    );
  }),
};

/** Going through bytes costs more than reading, and holds about eight bytes a letter meanwhile. */
export function payForBytes(run: Run, text: string): void {
  charge(run, text.length >>> 2);
  allocate(run, text.length);
}

const cleaning = {
  quote: method<string>(
    "quote(mark)",
    "In quotation marks, with those inside escaped.",
    (run, self, [mark]) => {
      const quote = mark === undefined ? '"' : toText(run, mark);
      const escaped = replaceIn(
        run,
        self.replaceAll("\\", "\\\\"),
        quote,
        `\\${quote.replaceAll("$", "$$$$")}`,
        true,
      );
      return madeText(run, quote + escaped + quote);
    },
  ),
  removeTags: method<string>("removeTags()", "Without HTML or XML tags.", (run, self) =>
    replaceIn(run, self, tags, "", false),
  ),
  removeMarkdown: method<string>("removeMarkdown()", "Without Markdown signs.", (run, self) =>
    removeMarkdown(run, self),
  ),
  replaceSpecialChars: method<string>(
    "replaceSpecialChars()",
    "With accents and special letters written plainly.",
    (run, self) => {
      charge(run, self.length >>> 2);
      let text = replaceIn(run, madeText(run, self.normalize("NFD")), accents, "", false);
      for (const [letter, plain] of PLAIN_LETTERS) text = replaceIn(run, text, letter, plain, true);
      return text;
    },
  ),
};

const PLAIN_LETTERS: readonly [string, string][] = [
  ["ß", "ss"],
  ["æ", "ae"],
  ["Æ", "AE"],
  ["œ", "oe"],
  ["Œ", "OE"],
  ["ø", "o"],
  ["Ø", "O"],
  ["ł", "l"],
  ["Ł", "L"],
  ["đ", "d"],
  ["Đ", "D"],
];

const MARKDOWN: readonly [Pattern, string][] = [
  [pattern("!\\[([^\\]\\[]*)\\]\\([^)(]*\\)", "g"), "$1"],
  [pattern("\\[([^\\]\\[]*)\\]\\([^)(]*\\)", "g"), "$1"],
  [pattern("^[ \\t]{0,3}#{1,6}[ \\t]+", "gm"), ""],
  [pattern("^[ \\t]{0,3}>[ \\t]?", "gm"), ""],
  [pattern("^[ \\t]*[-*+][ \\t]+", "gm"), ""],
  [pattern("^[ \\t]*(?:-{3,}|\\*{3,}|_{3,})[ \\t]*$", "gm"), ""],
  [pattern("(\\*\\*|__|~~|`{1,3})", "g"), ""],
  [pattern("(^|[^\\w*])[*_]([^*_\\n]+)[*_]", "gm"), "$1$2"],
];

function removeMarkdown(run: Run, text: string): string {
  let plain = text;
  for (const [sign, by] of MARKDOWN) plain = replaceIn(run, plain, new RegexValue(sign), by, false);
  return plain.trim();
}

export const textHelpers = { ...recognising, ...converting, ...coding, ...cleaning };
