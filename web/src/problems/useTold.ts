// Problems in the reader's language, for components; the same function as long as the language is the same.
import type { TFunction } from "i18next";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../i18n/useFormat.ts";
import { type Told, told } from "./told.ts";

export function useTold(): <Problem extends Told>(problem: Problem) => Problem {
  const { t } = useTranslation();
  const format = useFormat();
  return useCallback((problem) => told(problem, t as TFunction, format), [t, format]);
}
