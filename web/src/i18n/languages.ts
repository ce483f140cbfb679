// The languages of the app. Names are written in the language itself, so that each person finds their own.
export const languages = [
  { code: "en", name: "English", direction: "ltr" },
  { code: "ar", name: "العربية", direction: "rtl" },
] as const;

export type Language = (typeof languages)[number]["code"];
export type Direction = (typeof languages)[number]["direction"];

export function isLanguage(code: string | null): code is Language {
  return languages.some((language) => language.code === code);
}

export function directionOf(code: string): Direction {
  return languages.find((language) => language.code === code)?.direction ?? "ltr";
}
