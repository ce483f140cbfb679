// The HTML of hosted forms. Everything that somebody wrote is escaped; the page works without its script.
import type { JsonObject } from "@auraos/kernel";
import { documentOf, escaped, paragraph, tick } from "./document.ts";
import type { Form, FormField, FormPage } from "./form.types.ts";
import { formScript } from "./formStyle.ts";
import { type FormLanguage, type FormTexts, formTexts } from "./formTexts.ts";

export type Shown = {
  form: Form;
  language: FormLanguage;
  nonce: string;
  /** Names what is sent, so that sending it twice is sending it once. */
  submission: string;
  values?: JsonObject;
  errors?: ReadonlyMap<string, string>;
};

export function formPage(shown: Shown): string {
  const { form, language, errors } = shown;
  const texts = formTexts(language);
  const hasFiles = form.pages.some(({ fields }) => fields.some(({ type }) => type === "file"));
  const many = form.pages.length;
  const alert =
    errors === undefined || errors.size === 0
      ? ""
      : `<div class="alert" role="alert"><p>${escaped(texts.problems(errors.size))}${hasFiles ? ` ${escaped(texts.files)}` : ""}</p></div>`;
  const steps = form.pages.map((_, at) => `data-s${at}="${escaped(texts.step(at + 1, many))}"`).join(" ");
  const step =
    many > 1
      ? `<div class="step" hidden aria-live="polite" ${steps}><span></span><div class="bar"><i></i></div></div>`
      : "";
  const body = `<h1>${escaped(form.title)}</h1>${paragraph(form.description, "lead")}${alert}${step}
<form method="post" enctype="multipart/form-data" accept-charset="utf-8">
<input type="hidden" name="_submission" value="${escaped(shown.submission)}">
${form.pages.map((page) => pageHtml(page, shown, texts)).join("\n")}
<div class="buttons"><button type="button" class="quiet" data-back hidden>${escaped(texts.back)}</button>
<button type="button" data-next hidden>${escaped(texts.next)}</button>
<button type="submit" data-send>${escaped(form.submitLabel ?? texts.submit)}</button></div>
</form>`;
  return documentOf(form.title, body, shown, formScript);
}

export function thanksPage(about: Pick<Shown, "form" | "language" | "nonce"> & { again?: string }): string {
  const { form } = about;
  const texts = formTexts(about.language);
  const title = form.thanksTitle ?? texts.thanksTitle;
  const again =
    about.again === undefined
      ? ""
      : `\n<div class="buttons"><a class="button quiet" href="${escaped(about.again)}">${escaped(texts.again)}</a></div>`;
  const body = `${tick}<h1>${escaped(title)}</h1>${paragraph(form.thanksText ?? texts.thanksText, "lead")}${again}`;
  return documentOf(title, body, about);
}

export function sorryPage(about: {
  language: FormLanguage;
  nonce: string;
  kind: "unknown" | "closed" | "failed";
  detail?: string;
}): string {
  const texts = formTexts(about.language);
  const said = {
    unknown: [texts.unknownTitle, texts.unknownText],
    closed: [texts.closedTitle, texts.closedText],
    failed: [texts.failedTitle, texts.failedText],
  } as const;
  const [title, text] = said[about.kind];
  return documentOf(
    title,
    `<h1>${escaped(title)}</h1>${paragraph(text, "lead")}${paragraph(about.detail, "help")}`,
    about,
  );
}

function pageHtml(page: FormPage, shown: Shown, texts: FormTexts): string {
  const title = page.title === undefined ? "" : `<h2>${escaped(page.title)}</h2>`;
  const fields = page.fields.map((field) => fieldHtml(field, shown, texts)).join("\n");
  return `<section class="page">${title}${paragraph(page.description, "lead")}${fields}</section>`;
}

function fieldHtml(field: FormField, { values, errors }: Shown, texts: FormTexts): string {
  const id = `f-${field.name}`;
  const error = errors?.get(field.name);
  const given = values?.[field.name] ?? (values === undefined ? field.value : undefined);
  const described = [field.help === undefined ? "" : `${id}-h`, error === undefined ? "" : `${id}-e`].filter(
    Boolean,
  );
  const about =
    (field.required === true ? " required" : "") +
    (error === undefined ? "" : ' aria-invalid="true"') +
    (described.length === 0 ? "" : ` aria-describedby="${described.join(" ")}"`);
  const help = field.help === undefined ? "" : `<p class="help" id="${id}-h">${escaped(field.help)}</p>`;
  const below = error === undefined ? "" : `<p class="error" id="${id}-e">${escaped(error)}</p>`;
  const optional =
    field.required === true || field.type === "checkbox"
      ? ""
      : ` <small>(${escaped(texts.optional)})</small>`;
  const label = `${escaped(field.label)}${optional}`;
  const wrong = error === undefined ? "" : " wrong";
  if (field.type === "checkbox") {
    const ticked = given === undefined || given === false || given === "" ? "" : " checked";
    return `<div class="field${wrong}"><label class="choice"><input type="checkbox" id="${id}" name="${field.name}" value="yes"${ticked}${about}><span>${label}</span></label>${help}${below}</div>`;
  }
  if (field.type === "choice") {
    const options = (field.options ?? []).map(
      (option) =>
        `<label class="choice"><input type="radio" name="${field.name}" value="${escaped(option)}"${option === given ? " checked" : ""}${field.required === true ? " required" : ""}><span>${escaped(option)}</span></label>`,
    );
    return `<fieldset class="field${wrong}"${described.length === 0 ? "" : ` aria-describedby="${described.join(" ")}"`}><legend class="label">${label}</legend>${help}${options.join("")}${below}</fieldset>`;
  }
  return `<div class="field${wrong}"><label class="label" for="${id}">${label}</label>${help}${control(field, id, given, about, texts)}${below}</div>`;
}

const inputTypes: Record<string, string> = {
  phone: "tel",
  email: "email",
  url: "url",
  number: "number",
  date: "date",
  time: "time",
};
const hints: Record<string, string> = {
  email: ' autocomplete="email" dir="ltr"',
  phone: ' autocomplete="tel" dir="ltr"',
  url: ' dir="ltr"',
  number: ' step="any"',
};

function control(field: FormField, id: string, given: unknown, about: string, texts: FormTexts): string {
  const common = `id="${id}" name="${field.name}"${about}`;
  const placeholder = field.placeholder === undefined ? "" : ` placeholder="${escaped(field.placeholder)}"`;
  const text = given === undefined || given === null ? "" : String(given);
  const isText = field.type === undefined || field.type === "text" || field.type === "textarea";
  const bound = (name: string, value: number | undefined) =>
    value === undefined ? "" : ` ${name}="${value}"`;
  const bounds = isText
    ? bound("minlength", field.min) + bound("maxlength", field.max)
    : field.type === "number"
      ? bound("min", field.min) + bound("max", field.max)
      : "";
  if (field.type === "textarea")
    return `<textarea ${common}${placeholder}${bounds} rows="5" dir="auto">\n${escaped(text)}</textarea>`;
  if (field.type === "select") {
    const options = (field.options ?? []).map(
      (option) => `<option${option === text ? " selected" : ""}>${escaped(option)}</option>`,
    );
    return `<select ${common}><option value="">${escaped(field.placeholder ?? texts.choose)}</option>${options.join("")}</select>`;
  }
  if (field.type === "file")
    return `<input type="file" ${common}${field.accept === undefined ? "" : ` accept="${escaped(field.accept)}"`}${field.many === true ? " multiple" : ""}>`;
  const type = inputTypes[field.type ?? "text"] ?? "text";
  const hint = hints[field.type ?? "text"] ?? ' dir="auto"';
  return `<input type="${type}" ${common}${placeholder}${bounds}${hint} value="${escaped(text)}">`;
}
