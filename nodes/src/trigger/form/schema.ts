// Settings of the form trigger; the server draws and checks the form by them.
import { z } from "../../schema.ts";

const name = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, "must begin with a letter, and have letters, digits and _ only.")
  .describe("Name of the field in the data.");

export const formField = z.strictObject({
  name,
  label: z.string().min(1).max(200).describe("What people read above the field."),
  type: z
    .enum([
      "text",
      "textarea",
      "email",
      "phone",
      "url",
      "number",
      "date",
      "time",
      "select",
      "choice",
      "checkbox",
      "file",
    ])
    .default("text")
    .describe("Kind of field. select and choice need options; choice shows all of them."),
  required: z.boolean().default(false).describe("Cannot be left empty."),
  options: z
    .array(z.string().min(1).max(200))
    .min(1)
    .max(200)
    .optional()
    .describe("Select and choice: what there is."),
  help: z.string().max(500).optional().describe("A line below the label."),
  placeholder: z.string().max(200).optional().describe("Shown while the field is empty."),
  value: z.string().max(2000).optional().describe("What stands there at first."),
  min: z.number().optional().describe("Number: the least. Text: fewest characters."),
  max: z.number().optional().describe("Number: the most. Text: most characters."),
  accept: z.string().max(200).optional().describe("File: what may be chosen, such as image/*,.pdf."),
  many: z.boolean().optional().describe("File: several at once."),
});

const formPage = z.strictObject({
  title: z.string().max(200).optional().describe("Title of the page."),
  description: z.string().max(2000).optional().describe("A few lines below the title."),
  fields: z.array(formField).min(1).max(100).describe("Fields of the page."),
});

export const schema = z.strictObject({
  path: z
    .string()
    .regex(/^[A-Za-z0-9_~.-]+(\/[A-Za-z0-9_~.-]+)*$/, "must be words joined by slashes, such as feedback.")
    .describe("End of the address: /forms/ and this."),
  title: z.string().min(1).max(200).describe("Title of the form."),
  description: z.string().max(2000).optional().describe("A few lines below the title."),
  pages: z.array(formPage).min(1).max(20).describe("Pages, one after the other."),
  submitLabel: z.string().max(60).optional().describe("Text of the button that sends."),
  thanksTitle: z.string().max(200).optional().describe("Title of the page after sending."),
  thanksText: z.string().max(2000).optional().describe("Text of the page after sending."),
  language: z
    .enum(["auto", "en", "ar"])
    .default("auto")
    .describe(
      "Language of buttons and messages, and the direction of the page. auto: what the browser asks for.",
    ),
});
