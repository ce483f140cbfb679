// What was sent with a form, checked field by field: data with its types, and what is wrong where.
import type { FileRef, Json, JsonObject } from "@auraos/kernel";
import { type Form, type FormField, fieldsOf } from "./form.types.ts";
import type { FormTexts } from "./formTexts.ts";

const TEXT_MAX = 100_000;

export type Submission = {
  data: JsonObject;
  /** By field: what a person has to do. */
  errors: Map<string, string>;
};

export type Sent = { body: JsonObject; files: Record<string, FileRef> };

export function readSubmission(form: Form, { body, files }: Sent, texts: FormTexts): Submission {
  const errors = new Map<string, string>();
  const data: [string, Json][] = [];
  for (const field of fieldsOf(form)) {
    if (field.type === "file") {
      const chosen = Object.entries(files).filter(([name]) => isOf(field.name, name));
      if (chosen.length === 0 && field.required === true) errors.set(field.name, texts.required);
      if (chosen.some(([, file]) => !isAccepted(field.accept, file))) errors.set(field.name, texts.type);
      continue;
    }
    const given = Object.hasOwn(body, field.name) ? body[field.name] : undefined;
    const text = textOf(Array.isArray(given) ? given[0] : given);
    const read = readField(field, text, texts);
    if ("error" in read) errors.set(field.name, read.error);
    else if (read.value !== undefined) data.push([field.name, read.value]);
  }
  return { data: Object.fromEntries(data), errors };
}

/** `doc`, and the further ones `doc_2`, `doc_3` of one field. */
function isOf(field: string, name: string): boolean {
  return name === field || (name.startsWith(`${field}_`) && /^\d+$/.test(name.slice(field.length + 1)));
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value.replaceAll("\r\n", "\n").replaceAll("\0", "").toWellFormed() : "";
}

type Read = { value: Json | undefined } | { error: string };

function readField(field: FormField, given: string, texts: FormTexts): Read {
  if (field.type === "checkbox") {
    const isTicked = given !== "";
    return field.required === true && !isTicked ? { error: texts.checked } : { value: isTicked };
  }
  const text = field.type === "textarea" ? given : given.trim();
  if (text === "") return field.required === true ? { error: texts.required } : { value: undefined };
  if (text.length > TEXT_MAX) return { error: texts.longest(TEXT_MAX) };
  switch (field.type) {
    case "number":
      return readNumber(field, text, texts);
    case "email":
      return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text) ? { value: text } : { error: texts.email };
    case "url":
      return /^https?:\/\//i.test(text) && URL.canParse(text) ? { value: text } : { error: texts.url };
    case "phone":
      return /^\+?[\d\s().-]{4,30}$/.test(text) ? { value: text } : { error: texts.phone };
    case "date":
      return isDate(text) ? { value: text } : { error: texts.date };
    case "time":
      return /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/.test(text) ? { value: text } : { error: texts.time };
    case "select":
    case "choice":
      return field.options?.includes(text) === true ? { value: text } : { error: texts.option };
    default:
      return readText(field, text, texts);
  }
}

function readText(field: FormField, text: string, texts: FormTexts): Read {
  if (field.min !== undefined && text.length < field.min) return { error: texts.shortest(field.min) };
  if (field.max !== undefined && text.length > field.max) return { error: texts.longest(field.max) };
  return { value: text };
}

function readNumber(field: FormField, text: string, texts: FormTexts): Read {
  const number = Number(text);
  if (!Number.isFinite(number)) return { error: texts.number };
  if (field.min !== undefined && number < field.min) return { error: texts.least(field.min) };
  if (field.max !== undefined && number > field.max) return { error: texts.most(field.max) };
  return { value: number };
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** As browsers understand the attribute; a name says more than the type that somebody declared. */
function isAccepted(accept: string | undefined, file: FileRef): boolean {
  if (accept === undefined) return true;
  return accept.split(",").some((part) => {
    const wanted = part.trim().toLowerCase();
    if (wanted.startsWith(".")) return file.name.toLowerCase().endsWith(wanted);
    if (wanted.endsWith("/*")) return file.mimeType.toLowerCase().startsWith(wanted.slice(0, -1));
    return file.mimeType.toLowerCase() === wanted;
  });
}
