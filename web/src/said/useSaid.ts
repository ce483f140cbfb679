// A sentence of the server in the reader's language. One that this app does not know, because a person wrote it or another
// release of the server said it, stays as it came.
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { useFormat } from "../i18n/useFormat.ts";
import { errorTitle } from "../ui/errorTitle.ts";
import { type Part, spoken } from "./spoken.ts";

type Sentence = { text: string; isTranslated: boolean };

export function useSaid(): (text: string, parts: readonly Part[] | null | undefined) => Sentence {
  const { t, i18n } = useTranslation("said");
  const format = useFormat();
  return (text, parts) => {
    if (!parts || parts.length === 0 || !parts.every(({ code }) => isKnown(code)))
      return { text, isTranslated: false };
    const words = (key: string) => {
      if (i18n.exists(key, { ns: "said" })) return t(key as never);
      // An error is called by its name.
      const error = /^words\.error\.(\w+)$/.exec(key)?.[1];
      return error === undefined ? undefined : errorTitle(error, t as TFunction);
    };
    const sentences = parts.map(({ code, parameters }) =>
      t(code as never, spoken(parameters, format, words) as never),
    );
    return { text: sentences.join(" "), isTranslated: true };
  };

  function isKnown(code: string): boolean {
    return i18n.exists(code, { ns: "said" }) || i18n.exists(`${code}_other`, { ns: "said" });
  }
}
