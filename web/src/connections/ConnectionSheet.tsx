// One connection, opened beside the list: whether it is well, where it may go, who uses it.
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { type Connection, useConnection, useConnectionUses } from "../api/connections.ts";
import { useConnectionKinds } from "../connectionKinds/useConnectionKinds.ts";
import { paths } from "../paths.ts";
import { Badge } from "../ui/Badge.tsx";
import { Button } from "../ui/Button.tsx";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import { Sheet } from "../ui/Sheet.tsx";
import { Shown } from "../ui/Shown.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";
import { useConnectionActions } from "./ConnectionMenu.tsx";
import { Health, placesOf } from "./ConnectionTable.tsx";

type ConnectionSheetProps = { id: string; onClose(): void; onEdit(connection: Connection): void };

export function ConnectionSheet({ id, onClose, onEdit }: ConnectionSheetProps) {
  const { t } = useTranslation("connections");
  const asked = useConnection(id);
  return (
    <Sheet open onOpenChange={(isOpen) => !isOpen && onClose()} title={asked.data?.name ?? t("one")}>
      <Shown
        asked={asked}
        loading={<SkeletonRows label={t("loading")} />}
        nameOf={({ name }) => name}
        onBack={onClose}
      >
        {(connection) => (
          <div className="grid gap-5">
            <State connection={connection} />
            <Actions connection={connection} onEdit={() => onEdit(connection)} onGone={onClose} />
            <Facts connection={connection} />
            <Uses id={id} />
          </div>
        )}
      </Shown>
    </Sheet>
  );
}

function State({ connection }: { connection: Connection }) {
  const { t } = useTranslation("connections");
  const { health, testedAt, testFailure, description } = connection;
  return (
    <div className="grid gap-2 text-sm">
      <p className="flex flex-wrap items-center gap-2">
        <Health of={connection} />
        {testedAt && (
          <span className="text-muted text-xs">
            {t("tested")} <RelativeTime at={testedAt} />
          </span>
        )}
      </p>
      {testFailure && (
        <p dir="auto" className="rounded-md bg-fail-soft px-3 py-2 text-fail text-xs">
          {testFailure}
        </p>
      )}
      {health === "reconnect" && (
        <p className="rounded-md bg-wait-soft px-3 py-2 text-wait text-xs">{t("reconnectText")}</p>
      )}
      {description && (
        <p dir="auto" className="text-muted">
          {description}
        </p>
      )}
    </div>
  );
}

type ActionsProps = { connection: Connection; onEdit(): void; onGone(): void };

function Actions({ connection, onEdit, onGone }: ActionsProps) {
  const { t } = useTranslation("connections");
  const actions = useConnectionActions(connection);
  const isForPerson = connection.type === "oauth2.code";
  return (
    <div className="flex flex-wrap gap-2">
      {isForPerson && (
        <Button size="small" tone="primary" onClick={actions.connect}>
          {t("menu.connect")}
        </Button>
      )}
      <Button
        size="small"
        tone={isForPerson ? "normal" : "primary"}
        busy={actions.isTesting}
        onClick={actions.test}
      >
        {t("menu.test")}
      </Button>
      <Button size="small" onClick={onEdit}>
        {t("menu.edit")}
      </Button>
      <Button size="small" onClick={() => void actions.remove(onGone)}>
        {t("menu.delete")}
      </Button>
    </div>
  );
}

function Facts({ connection }: { connection: Connection }) {
  const { t } = useTranslation("connections");
  const kind = useConnectionKinds()?.find(({ type }) => type === connection.type);
  const { roles, expiresAt, secrets, values } = connection;
  const shown = Object.entries(values).filter(
    ([, value]) => typeof value === "string" || typeof value === "number",
  );
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-xs [&_dt]:text-muted">
      <dt>{t("facts.kind")}</dt>
      <dd>{kind?.name ?? connection.type}</dd>
      <dt>{t("facts.places")}</dt>
      <dd dir="ltr" className="break-words font-mono rtl:text-right">
        {placesOf(connection)}
      </dd>
      {shown.map(([name, value]) => (
        <Fact key={name} name={titleOf(kind?.schema, name)} value={String(value)} />
      ))}
      {Object.entries(secrets).map(([name, mark]) => (
        <Fact key={name} name={titleOf(kind?.schema, name)} value={`•••••• (${mark})`} />
      ))}
      <dt>{t("facts.roles")}</dt>
      <dd>{roles === null ? t("facts.everybody") : roles.join(", ")}</dd>
      {expiresAt && (
        <>
          <dt>{t("facts.expires")}</dt>
          <dd>
            <RelativeTime at={expiresAt} />
          </dd>
        </>
      )}
    </dl>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd dir="ltr" className="break-words font-mono rtl:text-right">
        {value}
      </dd>
    </>
  );
}

function titleOf(schema: Record<string, unknown> | undefined, name: string): string {
  const properties = schema?.properties as Record<string, { title?: string }> | undefined;
  return properties?.[name]?.title ?? name;
}

function Uses({ id }: { id: string }) {
  const { t } = useTranslation("connections");
  const { data } = useConnectionUses(id);
  return (
    <section aria-label={t("uses.title")}>
      <h3 className="mb-2 font-semibold text-sm">{t("uses.title")}</h3>
      {data?.items.length === 0 && <p className="text-muted text-xs">{t("uses.none")}</p>}
      <ul className="divide-y divide-line">
        {data?.items.map(({ workflowId, workflowName, nodes, published }) => (
          <li key={workflowId} className="grid gap-0.5 py-1.5 text-xs">
            <span className="flex items-center gap-2">
              <Link
                to={paths.workflow(workflowId)}
                dir="auto"
                className="truncate text-accent-text hover:underline"
              >
                {workflowName}
              </Link>
              {!published && <Badge>{t("uses.draft")}</Badge>}
            </span>
            <span dir="auto" className="truncate text-muted rtl:text-right">
              {nodes.join(", ")}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
