// API keys of the organization: for programs. A key is shown once, by the dialog that made it.
import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type ApiKey, useApiKeys, useMay, usePeopleAction } from "../api/account.ts";
import { request } from "../api/request.ts";
import { Badge } from "../ui/Badge.tsx";
import { Button } from "../ui/Button.tsx";
import { confirm } from "../ui/confirmations.ts";
import { ErrorState } from "../ui/ErrorState.tsx";
import { Name } from "../ui/Name.tsx";
import { NothingFound } from "../ui/NothingFound.tsx";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import { SearchInput } from "../ui/SearchInput.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";
import { toast } from "../ui/toasts.ts";
import { useTellFailure } from "../ui/useTellFailure.ts";
import { useView } from "../useView.ts";
import { ApiKeyDialog } from "./ApiKeyDialog.tsx";
import { Row, Section } from "./Section.tsx";

const SEEN_AT_ONCE = 10;

export function ApiKeyList() {
  const { t } = useTranslation("security");
  const tellFailure = useTellFailure();
  const [isMaking, setIsMaking] = useState(false);
  const mayWrite = useMay("key.write");
  const [view, change] = useView();
  const search = view.get("search") ?? "";
  const asked = useApiKeys(search);
  const { data: keys, error, hasNextPage, fetchNextPage, isFetchingNextPage } = asked;
  // A few are seen at once. What was searched for is still there while all of them come back.
  const isLong =
    search !== "" || asked.isPlaceholderData || hasNextPage || (keys?.length ?? 0) > SEEN_AT_ONCE;
  const revoke = usePeopleAction(
    (id: string) => request("delete /api/v1/api-keys/:id", { params: { id } }),
    ["apiKeys"],
  );
  const askToRevoke = async ({ id, name }: ApiKey) => {
    const question = { title: t("keys.revokeTitle", { name }), description: t("keys.revokeText") };
    if (!(await confirm({ ...question, action: t("keys.revoke"), danger: true }))) return;
    revoke.mutate(id, {
      onSuccess: () => toast.success(t("keys.revoked", { name })),
      onError: tellFailure,
    });
  };
  return (
    <Section
      title={t("keys.title")}
      text={t("keys.text")}
      action={
        mayWrite && (
          <Button onClick={() => setIsMaking(true)}>
            <Plus aria-hidden className="size-4" />
            {t("keys.make")}
          </Button>
        )
      }
    >
      {keys === undefined && (
        // Their line is that of the section.
        <div className="-m-px">
          {error ? (
            <ErrorState error={error} onRetry={() => void asked.refetch()} busy={asked.isFetching} />
          ) : (
            <SkeletonRows rows={2} label={t("loading")} />
          )}
        </div>
      )}
      {isLong && (
        <div className="px-4 py-3">
          <SearchInput
            label={t("keys.search")}
            value={search}
            onChange={(text) => change({ search: text })}
            className="w-full sm:max-w-sm"
          />
        </div>
      )}
      {keys?.length === 0 && (
        <div className="px-4 py-4 text-muted">
          {search === "" ? (
            t("keys.none")
          ) : (
            <NothingFound search={search} onClear={() => change({ search: undefined })} />
          )}
        </div>
      )}
      {keys?.map((key) => (
        <Row key={key.id} title={<KeyTitle apiKey={key} />} text={<KeyText apiKey={key} />}>
          {mayWrite && (
            <Button size="small" onClick={() => void askToRevoke(key)}>
              {t("keys.revoke")}
            </Button>
          )}
        </Row>
      ))}
      {hasNextPage && (
        <div className="px-4 py-3">
          <Button size="small" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t("ui:more")}
          </Button>
        </div>
      )}
      {isMaking && <ApiKeyDialog onClose={() => setIsMaking(false)} />}
    </Section>
  );
}

function KeyTitle({ apiKey }: { apiKey: ApiKey }) {
  const { t } = useTranslation("security");
  const { name, hint, role } = apiKey;
  return (
    <span className="flex flex-wrap items-center gap-1.5">
      <Name of={name} />
      <code dir="ltr" className="font-mono text-faint text-xs">
        {hint}
      </code>
      <Badge>{role === undefined ? t("keys.limited") : t(`roles.${role}`, { defaultValue: role })}</Badge>
    </span>
  );
}

function KeyText({ apiKey }: { apiKey: ApiKey }) {
  const { t } = useTranslation("security");
  const { lastUsedAt, expiresAt } = apiKey;
  return (
    <span className="flex flex-wrap gap-x-3">
      {lastUsedAt === undefined ? (
        <span>{t("keys.unused")}</span>
      ) : (
        <span>
          {t("keys.used")} <RelativeTime at={lastUsedAt} />
        </span>
      )}
      {expiresAt !== undefined && (
        <span>
          {t("keys.ends")} <RelativeTime at={expiresAt} />
        </span>
      )}
    </span>
  );
}
