// A tree of XML as data and back. An element with text only is that text; attributes are fields that begin with @;
// an element that comes several times is a list. Text beside elements is in #text.
import { isObject, type Json, type JsonObject } from "@auraos/kernel";
import { show, wrongData } from "../readConfig.ts";
import type { XmlElement } from "./parseXml.ts";

export type Shape = { attributes: string; lists: readonly string[]; namespaces: boolean };

export function dataOf(element: XmlElement, shape: Shape): JsonObject {
  return { [nameOf(element.name, shape)]: valueOfElement(element, shape) };
}

function valueOfElement(element: XmlElement, shape: Shape): Json {
  const fields: JsonObject = {};
  for (const [name, value] of element.attributes) {
    const isDeclaration = name === "xmlns" || name.startsWith("xmlns:");
    if (shape.namespaces || !isDeclaration) fields[shape.attributes + nameOf(name, shape)] = value;
  }
  let text = "";
  for (const child of element.children) {
    if (typeof child === "string") text += child;
    else addChild(fields, nameOf(child.name, shape), valueOfElement(child, shape), shape);
  }
  const hasFields = Object.keys(fields).length > 0;
  if (!hasFields) return text.trim();
  if (text.trim() !== "") fields["#text"] = text.trim();
  return fields;
}

function addChild(fields: JsonObject, name: string, value: Json, { lists }: Shape): void {
  const there = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (there === undefined) fields[name] = lists.includes(name) ? [value] : value;
  // A value of an element is never a list, so a list here is one of elements.
  else if (Array.isArray(there)) there.push(value);
  else fields[name] = [there, value];
}

function nameOf(name: string, { namespaces }: Shape): string {
  const plain = namespaces ? name : name.slice(name.indexOf(":") + 1);
  if (plain === "__proto__") throw wrongData('An element cannot be named "__proto__".');
  return plain;
}

const validName = /^[\p{L}_:][\p{L}\p{M}\p{N}_:.\u00b7-]*$/u;

export function xmlOf(data: Json, attributes: string, indent: number): string {
  const names = isObject(data) ? Object.keys(data) : [];
  const [root] = names;
  const value = root === undefined ? undefined : ((data as JsonObject)[root] as Json);
  if (names.length !== 1 || root === undefined || value === undefined || Array.isArray(value)) {
    throw wrongData(
      `XML has one element on the outside, but there is ${names.length === 1 ? `a list in "${root}"` : show(data)}.`,
      'Give an object with one field, or set "root".',
    );
  }
  const lines: string[] = [];
  write(root, value, 0);
  return lines.join(indent > 0 ? "\n" : "");

  function write(name: string, given: Json, depth: number): void {
    if (!validName.test(name)) throw wrongData(`"${name}" cannot be the name of an element.`);
    if (depth > 200) throw wrongData("The data is deeper than 200 levels.");
    if (Array.isArray(given)) {
      for (const one of given) write(name, Array.isArray(one) ? { item: one } : one, depth);
      return;
    }
    const pad = " ".repeat(indent * depth);
    if (!isObject(given)) {
      const text = given === null ? "" : escapeXml(String(given));
      lines.push(text === "" ? `${pad}<${name}/>` : `${pad}<${name}>${text}</${name}>`);
      return;
    }
    const fields = Object.entries(given as JsonObject);
    const isAttribute = (field: string) =>
      attributes !== "" && field.startsWith(attributes) && field !== "#text";
    const start = `<${name}${fields
      .filter(([field]) => isAttribute(field))
      .map(([field, one]) => attribute(field, one))
      .join("")}`;
    const children = fields.filter(([field]) => !isAttribute(field) && field !== "#text");
    const text =
      given["#text"] === undefined || given["#text"] === null ? "" : escapeXml(String(given["#text"]));
    if (children.length === 0) {
      lines.push(text === "" ? `${pad}${start}/>` : `${pad}${start}>${text}</${name}>`);
      return;
    }
    lines.push(`${pad}${start}>${text}`);
    for (const [field, one] of children) write(field, one as Json, depth + 1);
    lines.push(`${pad}</${name}>`);
  }

  function attribute(field: string, given: Json | undefined): string {
    const name = field.slice(attributes.length);
    if (!validName.test(name)) throw wrongData(`"${name}" cannot be the name of an attribute.`);
    if (typeof given === "object" && given !== null)
      throw wrongData(`The attribute "${name}" is ${show(given)}.`);
    return given === null || given === undefined ? "" : ` ${name}="${escapeXml(String(given))}"`;
  }
}

export function escapeXml(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: XML has no way to write these.
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
      .replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign] ?? "&quot;")
  );
}
