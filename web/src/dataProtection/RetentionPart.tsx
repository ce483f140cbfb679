// How many days each class of data is kept. A row is changed in place; what is shorter frees space with the next sweep.
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "../api/account.ts";
import { keepFor, type RetentionPolicy, useProtectionAct, useRetention } from "../api/dataProtection.ts";
import { useFormat } from "../i18n/useFormat.ts";
import { useProof } from "../security/useProof.tsx";
import { Badge } from "../ui/Badge.tsx";
import { Button } from "../ui/Button.tsx";
import { ErrorState } from "../ui/ErrorState.tsx";
import { Input } from "../ui/Input.tsx";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";
import { toast } from "../ui/toasts.ts";
import { Part } from "./Part.tsx";

export function RetentionPart() {
  const { t } = useTranslation("dataProtection");
  const { data, error, refetch, isFetching } = useRetention();
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} busy={isFetching} />;
  if (!data) return <SkeletonRows label={t("loading")} />;
  return (
    <>
      <Part title={t("retention.title")} text={t("retention.text")}>
        {data.items.map((policy) => (
          <PolicyRow key={`${policy.class} ${policy.days}`} policy={policy} />
        ))}
      </Part>
      <LastSweep sweep={data.lastSweep} />
    </>
  );
}

function PolicyRow({ policy }: { policy: RetentionPolicy }) {
  const { t } = useTranslation("dataProtection");
  const format = useFormat();
  const mayChange = useMay("protection.write");
  const kept = policy.days === null ? "" : String(policy.days);
  const [days, setDays] = useState(kept);
  const save = useProtectionAct(keepFor);
  const [prove, proof] = useProof();
  const name = t(`classes.${policy.class}.name`);
  const isChanged = days !== kept;
  const keep = (value: number | null) =>
    prove(async () => {
      await save.mutateAsync({ name: policy.class, days: value });
      toast.success(t("retention.saved", { name }));
    });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void keep(days === "" ? null : Number(days));
  };
  return (
    <div>
      <form onSubmit={submit} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
        <div className="min-w-0 flex-1 basis-60">
          <p className="flex flex-wrap items-center gap-2 font-medium">
            {name}
            {!policy.isDefault && <Badge tone="accent">{t("retention.own")}</Badge>}
          </p>
          <p className="text-muted text-xs">{t(`classes.${policy.class}.text`)}</p>
        </div>
        {mayChange ? (
          <div className="flex items-center gap-2">
            <Input
              type="number"
              required={policy.defaultDays !== null}
              placeholder={policy.defaultDays === null ? t("retention.forEver") : undefined}
              min={policy.minDays}
              max={policy.maxDays}
              value={days}
              aria-label={t("retention.daysOf", { name })}
              onChange={(event) => setDays(event.target.value)}
              className="w-24 text-end tabular-nums"
            />
            {days !== "" && <span className="text-muted text-sm">{t("retention.days")}</span>}
            {isChanged && (
              <Button type="submit" size="small" tone="primary" busy={save.isPending}>
                {t("save")}
              </Button>
            )}
            {!isChanged && !policy.isDefault && (
              <Button size="small" busy={save.isPending} onClick={() => void keep(null)}>
                {policy.defaultDays === null
                  ? t("retention.resetForEver")
                  : t("retention.reset", { days: format.number(policy.defaultDays) })}
              </Button>
            )}
          </div>
        ) : (
          <p className="text-sm tabular-nums">
            {policy.days === null
              ? t("retention.forEver")
              : t("retention.daysCount", { days: format.number(policy.days) })}
          </p>
        )}
      </form>
      {proof}
    </div>
  );
}

type Sweep = { at: string; freed: Record<string, number> } | null;

function LastSweep({ sweep }: { sweep: Sweep }) {
  const { t } = useTranslation("dataProtection");
  const format = useFormat();
  if (sweep === null) return <p className="text-muted text-xs">{t("sweep.none")}</p>;
  const freed = Object.entries(sweep.freed).filter(([, count]) => count > 0);
  return (
    <p className="text-muted text-xs">
      {t("sweep.last")} <RelativeTime at={sweep.at} />.{" "}
      {freed.length === 0
        ? t("sweep.nothing")
        : freed
            .map(([what, count]) =>
              t(`sweep.of.${what}`, {
                defaultValue: `${what}: ${format.number(count)}`,
                count,
                number: what === "bytes" ? format.bytes(count) : format.number(count),
              }),
            )
            .join(" · ")}
    </p>
  );
}
