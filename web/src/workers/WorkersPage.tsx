// Workers: the processes that run what computes, here and on other machines; how many, how busy, what with.
import { Minus, Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useSetLocalWorkers, useWorkers, type WorkerList } from "../api/workers.ts";
import { useFormat } from "../i18n/useFormat.ts";
import { Page } from "../shell/Page.tsx";
import { CodeBlock } from "../ui/CodeBlock.tsx";
import { ErrorState } from "../ui/ErrorState.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";
import { useTellFailure } from "../ui/useTellFailure.ts";
import { WorkerCard } from "./WorkerCard.tsx";

const LOCAL_MAX = 64;

export function WorkersPage() {
  const { t } = useTranslation("workers");
  const { data, error, refetch, isFetching } = useWorkers();
  return (
    <Page title={t("title")}>
      {error && !data ? (
        <ErrorState error={error} onRetry={() => void refetch()} busy={isFetching} />
      ) : data ? (
        <>
          <Summary list={data} />
          <Cards list={data} />
          <Connect />
        </>
      ) : (
        <SkeletonRows label={t("loading")} />
      )}
    </Page>
  );
}

function Summary({ list }: { list: WorkerList }) {
  const { t } = useTranslation("workers");
  const format = useFormat();
  const setLocal = useSetLocalWorkers();
  const tellFailure = useTellFailure();
  const { local, waiting, lost, items } = list;
  const change = (count: number) => setLocal.mutate(count, { onError: tellFailure });
  const busy = items.reduce((sum, one) => sum + one.busy, 0);
  const places = items.reduce((sum, one) => sum + one.concurrency, 0);
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-line bg-line lg:grid-cols-4">
      <Fact name={t("facts.local")}>
        <span className="flex items-center gap-2">
          {format.number(local)}
          <IconButton
            icon={Minus}
            size="small"
            label={t("fewer")}
            disabled={local === 0 || setLocal.isPending}
            onClick={() => change(local - 1)}
          />
          <IconButton
            icon={Plus}
            size="small"
            label={t("more")}
            disabled={local >= LOCAL_MAX || setLocal.isPending}
            onClick={() => change(local + 1)}
          />
        </span>
      </Fact>
      <Fact name={t("facts.busy")}>
        {t("busyOf", { busy: format.number(busy), places: format.number(places) })}
      </Fact>
      <Fact name={t("facts.waiting")}>{format.number(waiting)}</Fact>
      <Fact name={t("facts.lost")}>{format.number(lost)}</Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className="flex flex-col gap-1 bg-panel p-3">
      <dt className="text-muted text-xs">{name}</dt>
      <dd className="font-semibold text-lg tabular-nums">{children}</dd>
    </div>
  );
}

function Cards({ list }: { list: WorkerList }) {
  const { t } = useTranslation("workers");
  if (list.items.length === 0)
    return <p className="text-muted text-sm">{t(list.local > 0 ? "none.lazy" : "none.inServer")}</p>;
  return (
    <ul className="grid grid-cols-1 gap-3 md:grid-cols-2 2xl:grid-cols-3" aria-label={t("title")}>
      {list.items.map((worker) => (
        <WorkerCard key={worker.id} worker={worker} />
      ))}
    </ul>
  );
}

/** How to bring another machine in, with what has to be typed there. */
function Connect() {
  const { t } = useTranslation("workers");
  const command = `auraos worker --server ${window.location.origin} --key KEY --label gpu`;
  return (
    <section className="flex max-w-3xl flex-col gap-2">
      <h2 className="font-semibold text-sm">{t("connect.title")}</h2>
      <p className="text-muted text-sm">{t("connect.text")}</p>
      <CodeBlock text={command} label={t("connect.title")} />
    </section>
  );
}
