// What a reader sees of HTML: as plain text, or as Markdown. Scripts, styles and hidden parts are left out.
import { type ChildNode, type Element, isTag, isText } from "domhandler";

const silent = new Set([
  "script",
  "style",
  "head",
  "template",
  "noscript",
  "iframe",
  "object",
  "svg",
  "math",
  "select",
  "textarea",
]);
const blocks = new Set(
  "address article aside blockquote body dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody td tfoot th thead tr ul".split(
    " ",
  ),
);
const depthMax = 500;

export function isSilent(node: Element): boolean {
  return silent.has(node.name) || "hidden" in node.attribs || node.attribs["aria-hidden"] === "true";
}

export function readableText(nodes: readonly ChildNode[]): string {
  let text = "";
  let wantsBreak = 0;
  visit(nodes, 0, false);
  return text.trim();

  function visit(list: readonly ChildNode[], depth: number, isPre: boolean): void {
    if (depth > depthMax) return;
    for (const node of list) {
      if (isText(node)) add(isPre ? node.data : node.data.replace(/\s+/g, " "), isPre);
      else if (isTag(node) && !isSilent(node)) element(node, depth, isPre);
    }
  }

  function element(node: Element, depth: number, isPre: boolean): void {
    if (node.name === "br") {
      text = `${text.trimEnd()}\n`;
      return;
    }
    if (node.name === "td" || node.name === "th") {
      visit(node.children, depth + 1, isPre);
      text = `${text.trimEnd()}\t`;
      return;
    }
    const isBlock = blocks.has(node.name);
    const gap = /^(p|h[1-6]|blockquote|pre|ul|ol|table)$/.test(node.name) ? 2 : 1;
    if (isBlock) wantsBreak = Math.max(wantsBreak, gap);
    if (node.name === "li") add("- ", true);
    visit(node.children, depth + 1, isPre || node.name === "pre");
    if (isBlock) wantsBreak = Math.max(wantsBreak, gap);
  }

  function add(part: string, isPre: boolean): void {
    if (part.trim() === "" && (wantsBreak > 0 || text === "" || /\s$/.test(text))) return;
    if (wantsBreak > 0 && text !== "") text = text.trimEnd() + "\n".repeat(wantsBreak);
    wantsBreak = 0;
    text += !isPre && /(^|\s)$/.test(text) ? part.trimStart() : part;
  }
}

/** Headings, paragraphs, emphasis, links, images, lists, quotes, code and tables; the rest as its text. */
export function toMarkdown(nodes: readonly ChildNode[]): string {
  return tidy(blocksOf(nodes, 0).join("\n\n"));
}

function tidy(text: string): string {
  return text
    .replace(/[ \t]+$/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

function blocksOf(nodes: readonly ChildNode[], depth: number): string[] {
  if (depth > depthMax) return [];
  const made: string[] = [];
  let run: ChildNode[] = [];
  const endRun = () => {
    const text = inline(run, depth)
      .replace(/\s*\n\s*/g, "\n")
      .trim();
    if (text !== "") made.push(text);
    run = [];
  };
  for (const node of nodes) {
    if (!isTag(node) || !blocks.has(node.name)) {
      run.push(node);
      continue;
    }
    endRun();
    if (!isSilent(node)) made.push(...block(node, depth + 1));
  }
  endRun();
  return made;
}

function block(node: Element, depth: number): string[] {
  const { name, children } = node;
  if (/^h[1-6]$/.test(name))
    return [`${"#".repeat(Number(name[1]))} ${inline(children, depth).replace(/\s+/g, " ").trim()}`];
  if (name === "hr") return ["---"];
  if (name === "pre") return [`\`\`\`\n${rawText(children).replace(/\n$/, "")}\n\`\`\``];
  if (name === "blockquote") return [blocksOf(children, depth).join("\n\n").replace(/^/gm, "> ")];
  if (name === "ul" || name === "ol") return [list(node, depth)];
  if (name === "table") return [table(node, depth)];
  return blocksOf(children, depth);
}

function list(node: Element, depth: number): string {
  const entries = node.children.filter((child): child is Element => isTag(child) && child.name === "li");
  const first = Number(node.attribs.start ?? 1) || 1;
  return entries
    .map((entry, index) => {
      const mark = node.name === "ol" ? `${first + index}. ` : "- ";
      const text = blocksOf(entry.children, depth)
        .join("\n")
        .replace(/\n/g, `\n${" ".repeat(mark.length)}`);
      return mark + text;
    })
    .join("\n");
}

function table(node: Element, depth: number): string {
  const rows = tableRows(node).map((cells) =>
    cells.map((cell) => inline(cell.children, depth).replace(/\s+/g, " ").trim().replace(/\|/g, "\\|")),
  );
  const width = Math.max(0, ...rows.map((row) => row.length));
  if (width === 0) return "";
  const line = (row: string[]) =>
    `| ${Array.from({ length: width }, (_, place) => row[place] ?? "").join(" | ")} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(Array(width).fill("---")), ...body.map(line)].join("\n");
}

/** Rows of the table itself, not of tables inside it. */
export function tableRows(table: Element): Element[][] {
  const rows: Element[][] = [];
  for (const child of table.children) {
    if (!isTag(child)) continue;
    if (child.name === "tr")
      rows.push(child.children.filter((one): one is Element => isTag(one) && /^t[dh]$/.test(one.name)));
    else if (/^(thead|tbody|tfoot)$/.test(child.name)) rows.push(...tableRows(child));
  }
  return rows;
}

function inline(nodes: readonly ChildNode[], depth: number): string {
  if (depth > depthMax) return "";
  return nodes.map((node) => inlineOf(node, depth + 1)).join("");
}

function inlineOf(node: ChildNode, depth: number): string {
  if (isText(node)) return node.data.replace(/\s+/g, " ").replace(/([\\`*_[\]<>])/g, "\\$1");
  if (!isTag(node) || isSilent(node)) return "";
  const inner = () => inline(node.children, depth);
  switch (node.name) {
    case "br":
      return "\n";
    case "b":
    case "strong":
      return around(inner(), "**");
    case "i":
    case "em":
      return around(inner(), "*");
    case "del":
    case "s":
      return around(inner(), "~~");
    case "code":
      return around(rawText(node.children).replace(/\s+/g, " "), "`");
    case "a": {
      const text = inner().trim();
      const href = address(node.attribs.href);
      return href === undefined || text === "" ? text : `[${text}](${href})`;
    }
    case "img": {
      const src = address(node.attribs.src);
      return src === undefined ? "" : `![${(node.attribs.alt ?? "").replace(/[[\]]/g, "")}](${src})`;
    }
    default:
      return inner();
  }
}

/** Blanks at the ends stay outside of the marks. */
function around(text: string, mark: string): string {
  const plain = text.trim();
  return plain === "" ? text : text.replace(plain, () => mark + plain + mark);
}

/** Addresses that would run code are left out. */
function address(given: string | undefined): string | undefined {
  const plain = given?.trim() ?? "";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: browsers ignore control characters in a scheme.
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(plain.replace(/[\u0000-\u0020]/g, ""))?.[1]?.toLowerCase();
  if (plain === "" || (scheme !== undefined && !/^(https?|mailto|tel|ftp)$/.test(scheme))) return undefined;
  return plain.replace(/[\s()<>]/g, (sign) =>
    encodeURIComponent(sign).replace("(", "%28").replace(")", "%29"),
  );
}

function rawText(nodes: readonly ChildNode[], depth = 0): string {
  if (depth > depthMax) return "";
  return nodes
    .map((node) =>
      isText(node)
        ? node.data
        : isTag(node)
          ? node.name === "br"
            ? "\n"
            : rawText(node.children, depth + 1)
          : "",
    )
    .join("");
}
