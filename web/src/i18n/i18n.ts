// Texts. A folder of the app that shows words has texts.en.json and texts.ar.json; the folder's name is the namespace:
//   const { t } = useTranslation("workflows");  t("empty.title")
// They are loaded with the page that needs them (routes.tsx calls loadTexts), so no page waits twice.
import i18next, { type FormatterModule } from "i18next";
import { initReactI18next } from "react-i18next";
import { withTurnsShown } from "./directions.ts";
import { directionOf, isLanguage, type Language } from "./languages.ts";
import { formatOf } from "./useFormat.ts";

type Texts = { default: Record<string, unknown> };

const files = import.meta.glob<Texts>("../*/texts.*.json");

/** `appearance.js` chose it before the first paint. */
const startLanguage: Language = document.documentElement.lang === "ar" ? "ar" : "en";

export const i18n = i18next.createInstance();

/** What is counted may be a hundred thousand, and is written as people write numbers, wherever a text has it. */
const counts: FormatterModule = {
  type: "formatter",
  init() {},
  add() {},
  addCached() {},
  format: (value, _name, language, options) =>
    options?.interpolationkey === "count" && typeof value === "number"
      ? formatOf(language ?? startLanguage).number(value)
      : value,
};

export async function startTexts(): Promise<void> {
  i18n
    .use({ type: "backend", init() {}, read: readTexts })
    .use(counts)
    .use(initReactI18next);
  await i18n.init({
    lng: startLanguage,
    fallbackLng: "en",
    ns: ["ui", "shell"],
    defaultNS: "ui",
    partialBundledLanguages: true,
    // React escapes HTML; what is left to escape is what turns a sentence around.
    interpolation: { escapeValue: true, escape: withTurnsShown, alwaysFormat: true },
    returnNull: false,
  });
}

export function loadTexts(...namespaces: string[]): Promise<void> {
  return i18n.loadNamespaces(namespaces);
}

export async function chooseLanguage(language: Language): Promise<void> {
  if (language !== "en") await loadTexts("errors");
  await i18n.changeLanguage(language);
  document.documentElement.lang = language;
  document.documentElement.dir = directionOf(language);
  try {
    localStorage.setItem("auraos.language", language);
  } catch {
    // Then it holds until the page is closed.
  }
}

export function currentLanguage(): Language {
  const { language } = i18n;
  return isLanguage(language) ? language : "en";
}

type Done = (error: Error | null, texts: Record<string, unknown> | null) => void;

function readTexts(language: string, namespace: string, done: Done): void {
  const load = files[`../${namespace}/texts.${language}.json`];
  if (!load) return done(null, {});
  load().then(
    (texts) => done(null, texts.default),
    (error: unknown) => done(error instanceof Error ? error : new Error(String(error)), null),
  );
}
