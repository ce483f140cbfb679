// One worker: who it is, how it is, what it runs at this moment; and the two ways to end it.
import { CircleX, Ellipsis, LogOut, Monitor, Server } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useDrainWorker, useRemoveWorker, type Worker } from "../api/workers.ts";
import { useFormat } from "../i18n/useFormat.ts";
import { paths } from "../paths.ts";
import { Badge } from "../ui/Badge.tsx";
import { confirm } from "../ui/confirmations.ts";
import { IconButton } from "../ui/IconButton.tsx";
import { Menu } from "../ui/Menu.tsx";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import type { Tone } from "../ui/Status.tsx";
import { toast } from "../ui/toasts.ts";
import { useTellFailure } from "../ui/useTellFailure.ts";

const tones: Record<Worker["state"], Tone> = {
  starting: "quiet",
  ready: "ok",
  draining: "wait",
  lost: "fail",
};

export function WorkerCard({ worker }: { worker: Worker }) {
  const { t } = useTranslation("workers");
  const format = useFormat();
  const { name, kind, state, labels, version, host, pid, busy, concurrency, running } = worker;
  const Icon = kind === "local" ? Server : Monitor;
  return (
    <li className="flex min-w-0 flex-col gap-3 rounded-lg border border-line bg-panel p-4">
      <div className="flex items-center gap-2">
        <Icon aria-hidden className="size-4 shrink-0 text-muted" />
        <h3 className="truncate font-semibold text-sm" dir="auto">
          {name}
        </h3>
        <Badge tone={tones[state]}>{t(`state.${state}`)}</Badge>
        {labels.map((label) => (
          <Badge key={label} tone="accent">
            {label}
          </Badge>
        ))}
        <span className="flex-1" />
        <Actions worker={worker} />
      </div>
      <dl className="grid grid-cols-2 gap-x-4 gap-y-1 text-sm sm:grid-cols-3">
        <Figure name={t("figures.busy")}>
          {t("busyOf", { busy: format.number(busy), places: format.number(concurrency) })}
        </Figure>
        <Figure name={t("figures.cpu")}>
          {worker.cpuPercent === null ? t("unknown") : format.percent(worker.cpuPercent / 100)}
        </Figure>
        <Figure name={t("figures.memory")}>
          {worker.memoryBytes === null ? t("unknown") : format.bytes(worker.memoryBytes)}
        </Figure>
        <Figure name={t("figures.completed")}>{format.number(worker.completed)}</Figure>
        <Figure name={t("figures.failed")}>{format.number(worker.failed)}</Figure>
        <Figure name={t("figures.heard")}>
          <RelativeTime at={worker.lastHeartbeatAt} />
        </Figure>
      </dl>
      {running.length > 0 && (
        <ul className="flex flex-col gap-1 border-line border-t pt-3 text-sm" aria-label={t("runs")}>
          {running.map((one) => (
            <li key={`${one.executionId}/${one.node}/${one.attempt}`} className="flex min-w-0 gap-2">
              <Link
                to={paths.execution(one.executionId)}
                className="min-w-0 truncate font-medium hover:underline"
              >
                <bdi>{one.node}</bdi>
              </Link>
              <span className="shrink-0 text-muted">{one.nodeType}</span>
              <span className="flex-1" />
              <RelativeTime at={one.since} />
            </li>
          ))}
        </ul>
      )}
      <p className="truncate text-muted text-xs">
        <bdi dir="ltr">{`${host} · ${pid} · ${version}`}</bdi>
      </p>
    </li>
  );
}

function Figure({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="truncate text-muted text-xs">{name}</dt>
      <dd className="truncate tabular-nums">{children}</dd>
    </div>
  );
}

function Actions({ worker }: { worker: Worker }) {
  const { t } = useTranslation("workers");
  const tellFailure = useTellFailure();
  const drain = useDrainWorker();
  const remove = useRemoveWorker();
  const { id, name, state } = worker;
  const told = (text: string) => ({ onSuccess: () => toast.success(text), onError: tellFailure });
  const removeNow = async () => {
    const isSure = await confirm({
      title: t("remove.title", { name }),
      description: t("remove.text"),
      action: t("remove.action"),
      danger: true,
    });
    if (isSure) remove.mutate(id, told(t("remove.done", { name })));
  };
  return (
    <Menu
      trigger={<IconButton icon={Ellipsis} size="small" label={t("menu.of", { name })} />}
      entries={[
        {
          label: t("menu.drain"),
          icon: LogOut,
          disabled: state !== "ready",
          onSelect: () => drain.mutate(id, told(t("drained", { name }))),
        },
        "separator",
        { label: t("menu.remove"), icon: CircleX, danger: true, onSelect: () => void removeNow() },
      ]}
    />
  );
}
