// The frame of the pages before somebody is signed in: who this is, in which language, and one thing to do.
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Brand } from "../shell/Brand.tsx";
import { LanguageSwitch } from "../shell/LanguageSwitch.tsx";
import { ThemeSwitch } from "../shell/ThemeSwitch.tsx";

export function Door({ title, text, children }: { title: string; text?: string; children: ReactNode }) {
  const { t } = useTranslation("shell");
  return (
    <div className="flex h-full flex-col overflow-y-auto">
      <title>{`${title} · ${t("name")}`}</title>
      <header className="flex min-h-12 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-line border-b px-4 py-2">
        <span className="me-auto">
          <Brand />
        </span>
        <LanguageSwitch />
        <span className="max-sm:hidden">
          <ThemeSwitch />
        </span>
      </header>
      <main className="mx-auto w-full max-w-md flex-1 px-4 py-6 sm:py-14">
        <div className="sm:rounded-xl sm:border sm:border-line sm:bg-panel sm:p-8 sm:shadow-panel">
          <h1 className="font-semibold text-xl tracking-tight">{title}</h1>
          {text !== undefined && <p className="mt-1 text-muted">{text}</p>}
          <div className="mt-6">{children}</div>
        </div>
      </main>
    </div>
  );
}
