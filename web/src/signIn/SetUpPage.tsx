// The owner's account, made once, with the token from the address that the start printed.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, Navigate } from "react-router";
import { takeSession, useSignInOptions } from "../api/account.ts";
import { request } from "../api/request.ts";
import { useSession } from "../api/session.ts";
import { paths } from "../paths.ts";
import { Door } from "./Door.tsx";
import { DoorField, DoorForm } from "./DoorForm.tsx";
import { useHashToken } from "./useHashToken.ts";

export function SetUpPage() {
  const { t } = useTranslation("signIn");
  const token = useHashToken();
  const session = useSession();
  const { data: options } = useSignInOptions();
  const [isMade, setIsMade] = useState(false);
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [organization, setOrganization] = useState("");
  if (isMade && session?.kind === "person") return <Navigate to={paths.home()} replace />;
  if (options?.setUpNeeded === false && !isMade)
    return (
      <Door title={t("setUp.title")} text={t("setUp.done")}>
        <Link to={paths.signIn()} className="text-accent-text underline">
          {t("signIn")}
        </Link>
      </Door>
    );
  if (token === "")
    return (
      <Door title={t("setUp.title")} text={t("setUp.noToken")}>
        <Link to={paths.signIn()} className="text-accent-text underline">
          {t("signIn")}
        </Link>
      </Door>
    );
  const submit = async () => {
    await request("post /api/v1/auth/set-up", {
      body: {
        token,
        name: name.trim(),
        email: email.trim(),
        password,
        ...(organization.trim() === "" ? {} : { organization: organization.trim() }),
      },
    });
    setIsMade(true);
    await takeSession();
  };
  return (
    <Door title={t("setUp.title")} text={t("setUp.text")}>
      <DoorForm action={t("setUp.action")} onSubmit={submit}>
        <DoorField
          label={t("name")}
          name="name"
          autoComplete="name"
          autoFocus
          value={name}
          onChange={setName}
        />
        <DoorField
          label={t("email")}
          type="email"
          name="email"
          autoComplete="username"
          dir="ltr"
          value={email}
          onChange={setEmail}
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
        <DoorField
          label={t("setUp.organization")}
          help={t("setUp.organizationHelp")}
          name="organization"
          autoComplete="organization"
          required={false}
          value={organization}
          onChange={setOrganization}
        />
      </DoorForm>
    </Door>
  );
}
