import { madeText } from "../run.ts";
import { method, methodTable } from "../values.ts";
export const textMethods = methodTable<string>({
  toUpperCase: method("toUpperCase()", "In capital letters.", (run, self) => madeText(run, self.toUpperCase())),
  toLowerCase: method("toLowerCase()", "In small letters.", (run, self) => madeText(run, self.toLowerCase())),
  trim: method("trim()", "Without blanks at both ends.", (run, self) => madeText(run, self.trim())),
});
