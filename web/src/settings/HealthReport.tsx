// What this installation is and how it feels, part by part, as /health/ready says.
import { CircleAlert, CircleCheck, CircleX, RotateCw } from "lucide-react";
import { useTranslation } from "react-i18next";
import { type Health, useHealth } from "../api/platform.ts";
import { Said } from "../said/Said.tsx";
import { Button } from "../ui/Button.tsx";
import { Duration } from "../ui/Duration.tsx";
import { ErrorState } from "../ui/ErrorState.tsx";
import { Skeleton } from "../ui/Skeleton.tsx";
import { Setting } from "./Setting.tsx";

export function HealthReport() {
  const { t } = useTranslation("settings");
  const { data, error, refetch, isFetching } = useHealth();
  if (error && !data) {
    return (
      <div className="p-4">
        <ErrorState error={error} onRetry={() => void refetch()} busy={isFetching} />
      </div>
    );
  }
  if (!data) return <HealthSkeleton label={t("about.loading")} />;
  return (
    <>
      <Setting label={t("about.version")}>
        <code className="font-mono text-xs">{data.version}</code>
      </Setting>
      <Setting label={t("about.status")} help={t(`about.is.${data.status}`)}>
        <Button size="small" onClick={() => void refetch()} busy={isFetching}>
          <RotateCw aria-hidden className="size-3.5" />
          {t("about.again")}
        </Button>
      </Setting>
      <Setting label={t("about.uptime")}>
        <Duration ms={data.uptimeSeconds * 1_000} />
      </Setting>
      {Object.entries(data.parts).map(([name, part]) => (
        <Setting
          key={name}
          label={t(`about.parts.${name}`, { defaultValue: name })}
          {...(part.detail === undefined
            ? {}
            : { help: <Said text={part.detail} parts={part.detailParts} /> })}
        >
          <PartState state={part.state} />
        </Setting>
      ))}
      <Setting label={t("about.docs")} help={t("about.docsHelp")}>
        <Button asChild size="small">
          <a href="/api/docs" target="_blank" rel="noreferrer">
            {t("about.openDocs")}
          </a>
        </Button>
      </Setting>
    </>
  );
}

type Part = Health["parts"][string];

const looks = {
  ok: { icon: CircleCheck, colour: "text-ok" },
  degraded: { icon: CircleAlert, colour: "text-wait" },
  down: { icon: CircleX, colour: "text-fail" },
};

function PartState({ state }: { state: Part["state"] }) {
  const { t } = useTranslation("settings");
  const { icon: Icon, colour } = looks[state];
  return (
    <span className={`flex items-center gap-1.5 ${colour}`}>
      <Icon aria-hidden className="size-4" />
      {t(`about.states.${state}`)}
    </span>
  );
}

function HealthSkeleton({ label }: { label: string }) {
  return (
    <div role="status" aria-label={label} className="divide-y divide-line">
      {["w-20", "w-28", "w-24", "w-32"].map((width) => (
        <div key={width} className="flex h-12 items-center justify-between px-4">
          <Skeleton className={`h-3.5 ${width}`} />
          <Skeleton className="h-3.5 w-16" />
        </div>
      ))}
    </div>
  );
}
