// The kinds of connections in the reader's language: name, description and the fields of each. The server describes them in
// English; a kind that has no words here keeps those.
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type ConnectionType, useConnectionTypes } from "../api/connections.ts";
import { withExamples } from "../i18n/directions.ts";
import { type Words as SettingsWords, settingsInWords } from "../nodeFields/inWords.ts";

type Words = SettingsWords & { kinds: Record<string, { name: string; description: string }> };

/** Undefined until they are loaded. */
export function useConnectionKinds(): readonly ConnectionType[] | undefined {
  const { i18n } = useTranslation("connectionKinds");
  const { data } = useConnectionTypes();
  const words = i18n.getResourceBundle(i18n.language, "connectionKinds") as Partial<Words> | undefined;
  return useMemo(() => {
    const { kinds, choices = {}, types = {} } = words ?? {};
    const named = data?.items.map((kind) => {
      const own = kinds?.[kind.type];
      return own ? { ...kind, name: own.name, description: withExamples(own.description) } : kind;
    });
    return named && settingsInWords(named, { choices, types });
  }, [data, words]);
}
