// An invitation: what it is to, and how to take it. Who has an account signs in first and comes back by the same address.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, Navigate } from "react-router";
import { takeSession } from "../api/account.ts";
import { request } from "../api/request.ts";
import { useSession } from "../api/session.ts";
import { paths } from "../paths.ts";
import { ErrorState } from "../ui/ErrorState.tsx";
import { Skeleton } from "../ui/Skeleton.tsx";
import { Door } from "./Door.tsx";
import { DoorField, DoorForm } from "./DoorForm.tsx";
import { PasswordForm } from "./PasswordForm.tsx";
import { useHashToken } from "./useHashToken.ts";

export function InvitationPage() {
  const { t } = useTranslation("signIn");
  const token = useHashToken();
  const session = useSession();
  const [isTaken, setIsTaken] = useState(false);
  const { data, error } = useQuery({
    queryKey: ["invitation", token],
    queryFn: ({ signal }) => request("post /api/v1/auth/invitation", { body: { token }, signal }),
    // Taken, it is gone; asking once more would say so.
    enabled: token !== "" && !isTaken,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (isTaken && session?.kind === "person") return <Navigate to={paths.home()} replace />;
  if (token === "")
    return (
      <Door title={t("invitation.title")} text={t("invitation.noToken")}>
        <Link to={paths.signIn()} className="text-accent-text underline">
          {t("signIn")}
        </Link>
      </Door>
    );
  if (error)
    return (
      <Door title={t("invitation.title")}>
        <ErrorState error={error} />
      </Door>
    );
  if (!data)
    return (
      <Door title={t("invitation.title")}>
        <Skeleton className="h-40 w-full" />
      </Door>
    );
  const accept = async (more: { name?: string; password?: string }) => {
    await request("post /api/v1/auth/invitation/accept", { body: { token, ...more } });
    setIsTaken(true);
    await takeSession();
  };
  const text = t("invitation.text", { email: data.email, role: data.role });
  return (
    <Door title={t("invitation.to", { organization: data.organization })} text={text}>
      {!data.hasAccount ? (
        <NewAccount onAccept={accept} />
      ) : session?.kind === "person" ? (
        <DoorForm action={t("invitation.accept")} onSubmit={() => accept({})}>
          <p>{t("invitation.signedIn")}</p>
        </DoorForm>
      ) : (
        <>
          <p className="mb-4">{t("invitation.hasAccount")}</p>
          <PasswordForm onForgotten={() => window.location.assign(paths.signIn())} />
        </>
      )}
    </Door>
  );
}

function NewAccount({ onAccept }: { onAccept(more: { name: string; password: string }): Promise<void> }) {
  const { t } = useTranslation("signIn");
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  return (
    <DoorForm action={t("invitation.create")} onSubmit={() => onAccept({ name: name.trim(), password })}>
      <DoorField
        label={t("name")}
        name="name"
        autoComplete="name"
        autoFocus
        value={name}
        onChange={setName}
      />
      <DoorField
        label={t("password")}
        help={t("passwordHelp")}
        type="password"
        name="password"
        autoComplete="new-password"
        minLength={10}
        dir="ltr"
        value={password}
        onChange={setPassword}
      />
    </DoorForm>
  );
}
