// HTML as a tree, read as browsers read it by and large: nothing is too broken to be read. Nothing is run or fetched.
import { compile, selectAll } from "css-select";
import { type AnyNode, type Document, type Element, hasChildren, type ParentNode } from "domhandler";
import { parseDocument } from "htmlparser2";
import { malformedText } from "../malformed.ts";
import { wrongParameter } from "../readConfig.ts";

export function parseHtml(text: string): Document {
  const page = parseDocument(text, {
    decodeEntities: true,
    lowerCaseTags: true,
    lowerCaseAttributeNames: true,
  });
  boundDepth(page);
  return page;
}

/** Deeper than any page; what walks over the tree goes down by recursion. */
const depthMax = 1000;

function boundDepth(page: Document): void {
  let level: ParentNode[] = [page];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > depthMax) throw malformedText(`The HTML is deeper than ${depthMax} elements.`);
    level = level.flatMap((node) => node.children.filter((child) => hasChildren(child)) as ParentNode[]);
  }
}

const compileQuery = compile<AnyNode, Element>;
const compiled = new Map<string, ReturnType<typeof compileQuery>>();

export function select(place: ParentNode, selector: string, field: string): Element[] {
  let query = compiled.get(selector);
  if (!query) {
    try {
      query = compileQuery(selector);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw wrongParameter(field, `is no CSS selector: ${reason}.`);
    }
    if (compiled.size >= 200) compiled.clear();
    compiled.set(selector, query);
  }
  return selectAll<AnyNode, Element>(query, place.children);
}
