// The account of the person who is signed in: second factors, password, sessions; and the API keys of the organization
// for those who may see them. A key that is signed in has no account, and is told so.
import { useTranslation } from "react-i18next";
import { useMay, useMe } from "../api/account.ts";
import { Page } from "../shell/Page.tsx";
import { ErrorState } from "../ui/ErrorState.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";
import { AccountPart } from "./AccountPart.tsx";
import { ApiKeyList } from "./ApiKeyList.tsx";
import { PasskeyList } from "./PasskeyList.tsx";
import { PasswordPart } from "./PasswordPart.tsx";
import { SessionList } from "./SessionList.tsx";
import { TotpPart } from "./TotpPart.tsx";

export function SecurityPage() {
  const { t } = useTranslation("security");
  const { data: me, error, refetch, isFetching } = useMe();
  const mayReadKeys = useMay("key.read");
  if (error && !me)
    return (
      <Page title={t("title")}>
        <ErrorState error={error} onRetry={() => void refetch()} busy={isFetching} />
      </Page>
    );
  if (!me)
    return (
      <Page title={t("title")}>
        <SkeletonRows label={t("loading")} />
      </Page>
    );
  return (
    <Page title={t("title")}>
      <div className="grid max-w-3xl gap-8">
        {me.mfaNeeded && (
          <p role="status" className="rounded-lg bg-wait-soft px-4 py-3 text-wait">
            {t("mfaNeeded", { organization: me.organization?.name ?? "" })}
          </p>
        )}
        {me.user === undefined ? (
          <p className="max-w-prose text-muted">{t("noAccount")}</p>
        ) : (
          <>
            <TotpPart isOn={me.user.twoFactor} />
            <PasskeyList />
            <PasswordPart />
            <SessionList />
          </>
        )}
        {mayReadKeys && !me.mfaNeeded && <ApiKeyList />}
        {me.user !== undefined && <AccountPart name={me.user.name} />}
      </div>
    </Page>
  );
}
