// Sign-in: with e-mail and password, a passkey, an identity provider, or an API key. While nobody has an account the key
// comes first, and who comes for the first time is told where it was printed. Who was sent here goes back.
import { Fingerprint, KeyRound, LogIn, UserRoundPlus } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, useSearchParams } from "react-router";
import { takeSession, useSignInOptions } from "../api/account.ts";
import { request } from "../api/request.ts";
import { signOutReason, useSession } from "../api/session.ts";
import { signInWithPasskey } from "../passkeys.ts";
import { pathAfterSignIn } from "../paths.ts";
import { Button } from "../ui/Button.tsx";
import { Skeleton } from "../ui/Skeleton.tsx";
import { useTellFailure } from "../ui/useTellFailure.ts";
import { Door } from "./Door.tsx";
import { ForgottenForm } from "./ForgottenForm.tsx";
import { KeyForm } from "./KeyForm.tsx";
import { PasswordForm } from "./PasswordForm.tsx";
import { WhereIsMyKey } from "./WhereIsMyKey.tsx";

type Way = "password" | "key" | "forgotten";

export function SignInPage() {
  const { t } = useTranslation("signIn");
  const [search] = useSearchParams();
  const session = useSession();
  const { data: options, isPending } = useSignInOptions();
  const [chosen, setChosen] = useState<Way | null>(null);

  // Back from an identity provider, or the storage of this browser was emptied: the cookie is what counts.
  useEffect(() => {
    if (session === null && signOutReason() === null && options?.signedIn === true) void takeSession();
  }, [session, options]);

  if (session !== null) return <Navigate to={pathAfterSignIn(search.get("to"))} replace />;
  const way = chosen ?? (options?.setUpNeeded === false ? "password" : "key");
  return (
    <Door title={t(way === "forgotten" ? "forgotten.title" : "title")} text={t(textOf(way, search))}>
      {isPending ? (
        <Skeleton className="h-40 w-full" />
      ) : way === "key" ? (
        <>
          {options?.setUpNeeded === true && (
            <p className="mb-5 flex items-start gap-2.5 rounded-md bg-accent-soft p-3 text-accent-text text-sm">
              <UserRoundPlus aria-hidden className="mt-0.5 size-4 shrink-0" />
              {t("where.owner")}
            </p>
          )}
          <KeyForm />
          {options?.setUpNeeded === false && (
            <OtherWays>
              <Button onClick={() => setChosen("password")}>
                <LogIn aria-hidden className="size-4 rtl:-scale-x-100" />
                {t("ways.password")}
              </Button>
            </OtherWays>
          )}
          <WhereIsMyKey />
        </>
      ) : way === "password" ? (
        <>
          <PasswordForm onForgotten={() => setChosen("forgotten")} />
          <OtherWays>
            <PasskeyButton />
            {options?.providers.map(({ id, name }) => (
              <ProviderButton key={id} id={id} name={name} to={pathAfterSignIn(search.get("to"))} />
            ))}
            <Button onClick={() => setChosen("key")}>
              <KeyRound aria-hidden className="size-4" />
              {t("ways.key")}
            </Button>
          </OtherWays>
        </>
      ) : (
        <ForgottenForm canMail={options?.mail ?? false} onBack={() => setChosen("password")} />
      )}
    </Door>
  );
}

function textOf(way: Way, search: URLSearchParams) {
  if (search.get("refused") === "provider") return "providerRefused";
  if (way === "forgotten") return "forgotten.text";
  if (way === "password") return signOutReason() === "refused" ? "ended" : "welcomePerson";
  return signOutReason() === "refused" ? "refused" : "welcome";
}

function OtherWays({ children }: { children: React.ReactNode }) {
  const { t } = useTranslation("signIn");
  return (
    <section aria-label={t("ways.title")} className="mt-8 border-line border-t pt-5">
      <div className="flex flex-wrap gap-2">{children}</div>
    </section>
  );
}

function PasskeyButton() {
  const { t } = useTranslation("signIn");
  const tellFailure = useTellFailure();
  const [isBusy, setIsBusy] = useState(false);
  const begin = async () => {
    setIsBusy(true);
    try {
      if (await signInWithPasskey()) await takeSession();
    } catch (error) {
      tellFailure(error);
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <Button onClick={() => void begin()} busy={isBusy}>
      <Fingerprint aria-hidden className="size-4" />
      {t("ways.passkey")}
    </Button>
  );
}

function ProviderButton({ id, name, to }: { id: string; name: string; to: string }) {
  const { t } = useTranslation("signIn");
  const tellFailure = useTellFailure();
  const begin = async () => {
    try {
      const { url } = await request("post /api/v1/auth/sign-in/provider", {
        body: { provider: id, to: `/sign-in?to=${encodeURIComponent(to)}` },
      });
      window.location.assign(url);
    } catch (error) {
      tellFailure(error);
    }
  };
  return <Button onClick={() => void begin()}>{t("ways.provider", { name })}</Button>;
}
