// What is wrong with a workflow, in the reader's language. The compiler and the check of settings speak English; what the
// check says is made anew from its parts, of everything else the code has a name, and the English stands beside it.
import type { TFunction } from "i18next";
import { leftToRight } from "../i18n/directions.ts";
import type { Format } from "../i18n/useFormat.ts";
import { spoken } from "../said/spoken.ts";
import { codeName } from "../ui/errorTitle.ts";

type Values = Readonly<Record<string, string | number>>;
export type Told = { code: string; message: string; remedy: string; said?: { key: string; values: Values } };

export function told<Problem extends Told>(problem: Problem, t: TFunction, format: Format): Problem {
  if (format.language === "en") return problem;
  const { code, message, remedy, said } = problem;
  if (said && t(`problems:${said.key}`, { defaultValue: "" }) !== "") return { ...problem, ...own(said) };
  const title = codeName(code, t);
  return title === undefined
    ? { ...problem, message: leftToRight(message), remedy: leftToRight(remedy) }
    : { ...problem, message: title, remedy: leftToRight(`${message} ${remedy}`.trim()) };

  function own({ key, values }: { key: string; values: Values }) {
    const words = {
      ...spoken(values, format),
      ...(typeof values.kinds === "string" ? { kinds: kindsOf(values.kinds) } : {}),
    };
    return {
      message: t(`problems:${key}`, words),
      remedy: t([`problems:${key}Remedy`, "problems:correct"], words),
    };
  }

  function kindsOf(kinds: string): string {
    const names = kinds.split(" ").map((kind) => t(`problems:kinds.${kind}`, { defaultValue: kind }));
    return new Intl.ListFormat(format.language, { type: "disjunction" }).format(names);
  }
}
