// What a form must be beyond its types, for its trigger and for a page inside a workflow.
import { type ConfigProblem, isObject, type JsonObject } from "@auraos/kernel";

export function fieldProblems({ pages }: JsonObject): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const seen = new Set<string>();
  for (const [at, page] of (Array.isArray(pages) ? pages : []).entries()) {
    const fields = isObject(page) && Array.isArray(page.fields) ? page.fields : [];
    for (const [place, field] of fields.entries()) {
      if (!isObject(field)) continue;
      const path = `pages.${at}.fields.${place}`;
      const name = String(field.name);
      if (seen.has(name) || name === "submittedAt")
        problems.push({
          field: `${path}.name`,
          code: "FIELD_TWICE",
          message: `The name "${name}" is taken.`,
          remedy: "Give every field of the form another name.",
        });
      seen.add(name);
      if ((field.type === "select" || field.type === "choice") && field.options === undefined)
        problems.push({
          field: `${path}.options`,
          code: "FIELD_MISSING",
          message: `The field "${name}" has nothing to choose from.`,
          remedy: "Give it options.",
        });
    }
  }
  return problems;
}
