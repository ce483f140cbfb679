// Legal holds: what is kept whatever its age, why, and by whom.
import { Lock, LockOpen, Plus } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useMay } from "../api/account.ts";
import { type LegalHold, placeHold, releaseHold, useHolds, useProtectionAct } from "../api/dataProtection.ts";
import { paths } from "../paths.ts";
import { useProof } from "../security/useProof.tsx";
import { Badge } from "../ui/Badge.tsx";
import { Button } from "../ui/Button.tsx";
import { confirm } from "../ui/confirmations.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { describeError } from "../ui/describeError.ts";
import { ErrorState } from "../ui/ErrorState.tsx";
import { Field } from "../ui/Field.tsx";
import { Input } from "../ui/Input.tsx";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import { SegmentedControl } from "../ui/SegmentedControl.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";
import { toast } from "../ui/toasts.ts";
import { Nothing, Part } from "./Part.tsx";

export function HoldPart() {
  const { t } = useTranslation("dataProtection");
  const mayChange = useMay("protection.write");
  const [isOpen, setIsOpen] = useState(false);
  const { data, error, refetch, isFetching, hasNextPage, fetchNextPage } = useHolds();
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} busy={isFetching} />;
  if (!data) return <SkeletonRows label={t("loading")} />;
  const holds = data.pages.flatMap(({ items }) => items);
  return (
    <>
      <Part
        title={t("holds.title")}
        text={t("holds.text")}
        actions={
          mayChange && (
            <Button tone="primary" onClick={() => setIsOpen(true)}>
              <Plus aria-hidden className="size-4" />
              {t("holds.new")}
            </Button>
          )
        }
      >
        {holds.length === 0 && <Nothing>{t("holds.none")}</Nothing>}
        {holds.map((hold) => (
          <HoldRow key={hold.id} hold={hold} mayChange={mayChange} />
        ))}
      </Part>
      {hasNextPage && (
        <Button className="justify-self-start" busy={isFetching} onClick={() => void fetchNextPage()}>
          {t("more")}
        </Button>
      )}
      {isOpen && <HoldDialog onClose={() => setIsOpen(false)} />}
    </>
  );
}

function HoldRow({ hold, mayChange }: { hold: LegalHold; mayChange: boolean }) {
  const { t } = useTranslation("dataProtection");
  const release = useProtectionAct(releaseHold);
  const [prove, proof] = useProof();
  const isEnded = hold.releasedAt !== null;
  const Icon = isEnded ? LockOpen : Lock;
  const end = async () => {
    const question = {
      title: t("holds.end.title"),
      description: t("holds.end.text"),
      action: t("holds.end.action"),
    };
    if (!(await confirm({ ...question, danger: true }))) return;
    await prove(async () => {
      await release.mutateAsync(hold.id);
      toast.success(t("holds.end.done"));
    });
  };
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <Icon aria-hidden className="size-4 shrink-0 text-muted" />
      <div className="min-w-0 flex-1 basis-60">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          <Link
            to={hold.kind === "workflow" ? paths.workflow(hold.targetId) : paths.execution(hold.targetId)}
            dir="auto"
            className="min-w-0 truncate hover:underline"
          >
            {hold.targetName ?? hold.targetId.slice(0, 8)}
          </Link>
          <Badge>{t(`holds.kind.${hold.kind}`)}</Badge>
          {isEnded && <Badge>{t("holds.ended")}</Badge>}
        </p>
        <p dir="auto" className="text-sm">
          {hold.reason}
        </p>
        <p className="text-muted text-xs">
          <bdi dir="ltr">{hold.placedBy}</bdi> · <RelativeTime at={hold.placedAt} />
        </p>
      </div>
      {mayChange && !isEnded && (
        <Button size="small" busy={release.isPending} onClick={() => void end()}>
          {t("holds.end.action")}
        </Button>
      )}
      {proof}
    </div>
  );
}

function HoldDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation("dataProtection");
  const { t: say } = useTranslation("ui");
  const formId = useId();
  const [kind, setKind] = useState<LegalHold["kind"]>("execution");
  const [targetId, setTargetId] = useState("");
  const [reason, setReason] = useState("");
  const place = useProtectionAct(placeHold);
  const error = place.error && describeError(place.error, say);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    place.mutate(
      { kind, targetId: targetId.trim(), reason },
      {
        onSuccess: () => {
          toast.success(t("holds.placed"));
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={t("holds.new")}
      actions={
        <>
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <Button type="submit" form={formId} tone="primary" busy={place.isPending}>
            {t("holds.place")}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="grid gap-4">
        <SegmentedControl<LegalHold["kind"]>
          label={t("holds.what")}
          value={kind}
          onChange={setKind}
          segments={(["execution", "workflow"] as const).map((value) => ({
            value,
            label: t(`holds.kind.${value}`),
          }))}
        />
        <Field label={t("holds.id")} help={t(`holds.idHelp.${kind}`)}>
          {(ids) => (
            <Input
              {...ids}
              autoFocus
              required
              dir="ltr"
              spellCheck={false}
              value={targetId}
              onChange={(event) => setTargetId(event.target.value)}
            />
          )}
        </Field>
        <Field label={t("holds.reason")}>
          {(ids) => (
            <Input
              {...ids}
              required
              minLength={3}
              maxLength={500}
              dir="auto"
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        {error && (
          <p role="alert" className="text-fail text-xs">
            {error.problems[0]?.message ?? error.title} {error.problems[0]?.remedy ?? error.remedy}
          </p>
        )}
      </form>
    </Dialog>
  );
}
