// Sign-in with an API key. Who comes for the first time is told where the key was printed; who was sent here from a
// page goes back to it.
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, useSearchParams } from "react-router";
import { signIn, signOutReason, useKey } from "../api/session.ts";
import { pathAfterSignIn } from "../paths.ts";
import { Brand } from "../shell/Brand.tsx";
import { LanguageSwitch } from "../shell/LanguageSwitch.tsx";
import { ThemeSwitch } from "../shell/ThemeSwitch.tsx";
import { Button } from "../ui/Button.tsx";
import { Checkbox } from "../ui/Checkbox.tsx";
import { describeError } from "../ui/describeError.ts";
import { Field } from "../ui/Field.tsx";
import { Input } from "../ui/Input.tsx";
import { tryKey } from "./tryKey.ts";
import { WhereIsMyKey } from "./WhereIsMyKey.tsx";

export function SignInPage() {
  const { t } = useTranslation("signIn");
  const [search] = useSearchParams();
  const isSignedIn = useKey() !== null;
  if (isSignedIn) return <Navigate to={pathAfterSignIn(search.get("to"))} replace />;
  return (
    <div className="flex h-full flex-col overflow-y-auto">
      <title>{`${t("title")} · ${t("shell:name")}`}</title>
      <header className="flex min-h-12 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-line border-b px-4 py-2">
        <span className="me-auto">
          <Brand />
        </span>
        <LanguageSwitch />
        <span className="max-sm:hidden">
          <ThemeSwitch />
        </span>
      </header>
      <main className="w-full max-w-md flex-1 px-4 py-8 sm:ms-[12vw] sm:py-16">
        <h1 className="font-semibold text-xl">{t("title")}</h1>
        <p className="mt-1 mb-6 text-muted">{t(signOutReason() === "refused" ? "refused" : "welcome")}</p>
        <KeyForm />
        <WhereIsMyKey />
      </main>
    </div>
  );
}

function KeyForm() {
  const { t } = useTranslation("signIn");
  const [key, setKey] = useState("");
  const [isKept, setIsKept] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState("");

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const given = key.trim();
    if (given === "") return setError(t("missing"));
    setIsBusy(true);
    setError("");
    try {
      if (await tryKey(given)) return signIn(given, isKept ? "device" : "tab");
      setError(t("wrong"));
    } catch (problem) {
      const { title, remedy } = describeError(problem, t);
      setError(`${title}. ${remedy}`);
    } finally {
      setIsBusy(false);
    }
  };

  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      <Field label={t("key")} error={error || undefined}>
        {(ids) => (
          <Input
            {...ids}
            type="password"
            name="key"
            autoComplete="current-password"
            autoFocus
            dir="ltr"
            value={key}
            onChange={(event) => setKey(event.target.value)}
            className="h-10 font-mono"
          />
        )}
      </Field>
      <Checkbox label={t("keep")} help={t("keepHelp")} checked={isKept} onChange={setIsKept} />
      <Button type="submit" tone="primary" busy={isBusy} className="h-10 justify-self-start px-5">
        {t("signIn")}
      </Button>
    </form>
  );
}
