// A form as its trigger describes it (nodes/src/trigger/form/schema.ts).
export type FormField = {
  name: string;
  label: string;
  type?:
    | "text"
    | "textarea"
    | "email"
    | "phone"
    | "url"
    | "number"
    | "date"
    | "time"
    | "select"
    | "choice"
    | "checkbox"
    | "file";
  required?: boolean;
  options?: string[];
  help?: string;
  placeholder?: string;
  value?: string;
  min?: number;
  max?: number;
  accept?: string;
  many?: boolean;
};

export type FormPage = { title?: string; description?: string; fields: FormField[] };

export type Form = {
  title: string;
  description?: string;
  pages: FormPage[];
  submitLabel?: string;
  thanksTitle?: string;
  thanksText?: string;
  language?: "auto" | "en" | "ar";
};

export function fieldsOf(form: Form): FormField[] {
  return form.pages.flatMap(({ fields }) => fields);
}
