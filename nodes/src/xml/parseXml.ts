// XML text to a tree. Strict about form, and closed to the outside: no document types, so no entities of its own
// (those are how XML reads files and grows without end), only the five of XML and numbered characters.
import { malformedText } from "../malformed.ts";

export type XmlElement = { name: string; attributes: [string, string][]; children: (XmlElement | string)[] };

const depthMax = 200;
const nameText = /[\p{L}_:][\p{L}\p{M}\p{N}_:.\u00b7-]*/uy;
const blanks = /[ \t\r\n]*/y;

export function parseXml(text: string): XmlElement {
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const open: XmlElement[] = [];
  let root: XmlElement | undefined;

  while (at < text.length) {
    const next = text.indexOf("<", at);
    addText(text.slice(at, next < 0 ? text.length : next), at);
    if (next < 0) break;
    at = next;
    if (text.startsWith("<!--", at)) skipPast("-->", 4, "comment");
    else if (text.startsWith("<![CDATA[", at)) cdata();
    else if (text.startsWith("<?", at)) skipPast("?>", 2, "instruction");
    else if (text.startsWith("<!", at)) throw fail("has a document type, which is not read");
    else if (text.startsWith("</", at)) endTag();
    else startTag();
  }
  const unclosed = open.at(-1);
  if (unclosed) throw fail(`ends before <${unclosed.name}> is closed`);
  if (!root) throw fail("has no element");
  return root;

  function startTag(): void {
    at += 1;
    const element: XmlElement = { name: readName("the name of an element"), attributes: [], children: [] };
    for (;;) {
      const hadBlank = skipBlanks();
      if (text[at] === ">" || text.startsWith("/>", at)) break;
      if (!hadBlank) throw fail("needs a blank between attributes");
      element.attributes.push(readAttribute(element));
    }
    const parent = open.at(-1);
    if (parent) parent.children.push(element);
    else if (root) throw fail("has a second element on the outside");
    else root = element;
    if (text[at] === ">") {
      at += 1;
      open.push(element);
      if (open.length > depthMax) throw fail(`is deeper than ${depthMax} elements`);
    } else at += 2;
  }

  function readAttribute(element: XmlElement): [string, string] {
    const name = readName("the name of an attribute");
    if (element.attributes.some(([other]) => other === name)) throw fail(`has "${name}" twice`);
    skipBlanks();
    if (text[at] !== "=") throw fail(`has "${name}" without a value`);
    at += 1;
    skipBlanks();
    const quote = text[at];
    if (quote !== '"' && quote !== "'") throw fail(`has "${name}" without quotes`);
    const end = text.indexOf(quote, at + 1);
    if (end < 0) throw fail(`never ends the value of "${name}"`);
    const value = text.slice(at + 1, end);
    if (value.includes("<")) throw fail(`has < in the value of "${name}"`);
    const from = at + 1;
    at = end + 1;
    return [name, decode(value.replace(/\r\n|[\t\r\n]/g, " "), from)];
  }

  function endTag(): void {
    at += 2;
    const name = readName("the name of an element");
    skipBlanks();
    if (text[at] !== ">") throw fail(`does not end </${name}`);
    const element = open.pop();
    if (!element) throw fail(`closes <${name}>, which is not open`);
    if (element.name !== name) throw fail(`closes <${name}> where <${element.name}> is open`);
    at += 1;
  }

  function cdata(): void {
    const end = text.indexOf("]]>", at);
    if (end < 0) throw fail("never ends a CDATA part");
    const parent = open.at(-1);
    if (!parent) throw fail("has text outside of its element");
    append(parent, text.slice(at + 9, end));
    at = end + 3;
  }

  function addText(part: string, from: number): void {
    const parent = open.at(-1);
    if (parent) {
      if (part !== "") append(parent, decode(part.replace(/\r\n?/g, "\n"), from));
    } else if (part.trim() !== "") {
      at = from;
      throw fail("has text outside of its element");
    }
  }

  function append(parent: XmlElement, part: string): void {
    const last = parent.children.length - 1;
    const before = parent.children[last];
    if (typeof before === "string") parent.children[last] = before + part;
    else parent.children.push(part);
  }

  function skipPast(end: string, beginning: number, what: string): void {
    const place = text.indexOf(end, at + beginning);
    if (place < 0) throw fail(`never ends a ${what}`);
    at = place + end.length;
  }

  function readName(what: string): string {
    nameText.lastIndex = at;
    const name = nameText.exec(text)?.[0];
    if (name === undefined) throw fail(`lacks ${what}`);
    at += name.length;
    return name;
  }

  function skipBlanks(): boolean {
    blanks.lastIndex = at;
    const found = blanks.exec(text)?.[0] ?? "";
    at += found.length;
    return found !== "";
  }

  function decode(part: string, from: number): string {
    if (!part.includes("&")) return part;
    return part.replace(/&(#x?[0-9a-f]+|[a-z]+)?(;?)/gi, (all, name: string | undefined, end: string) => {
      const sign = name === undefined || end === "" ? undefined : signOf(name);
      if (sign !== undefined) return sign;
      at = from;
      throw fail(`has ${all}, which is no character XML knows; a plain & is written &amp;`);
    });
  }

  function fail(what: string) {
    const before = text.slice(0, at).split("\n");
    return malformedText(
      `The XML ${what} (line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}).`,
    );
  }
}

const named: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

function signOf(name: string): string | undefined {
  if (!name.startsWith("#")) return named[name];
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  const isSign = Number.isInteger(code) && code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return isSign ? String.fromCodePoint(code) : undefined;
}
