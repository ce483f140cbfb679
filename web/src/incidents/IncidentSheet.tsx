// One incident: what is frozen, what was done, and what can be done now.
import { Snowflake } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Incident, useIncident, useIncidentActs } from "../api/incidents.ts";
import { saveReply } from "../api/saveReply.ts";
import { useFormat } from "../i18n/useFormat.ts";
import { Badge } from "../ui/Badge.tsx";
import { Button } from "../ui/Button.tsx";
import { confirm } from "../ui/confirmations.ts";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import { Sheet } from "../ui/Sheet.tsx";
import { Shown } from "../ui/Shown.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";
import { useTellFailure } from "../ui/useTellFailure.ts";
import { FreezeDialog } from "./FreezeDialog.tsx";
import { RevokeDialog } from "./RevokeDialog.tsx";
import { SeverityBadge } from "./severity.tsx";
import { TextDialog } from "./TextDialog.tsx";

type Asked = "freeze" | "revoke" | "note" | "close";

export function IncidentSheet({ id, onClose }: { id: string; onClose(): void }) {
  const { t } = useTranslation("incidents");
  const asked = useIncident(id);
  return (
    <Sheet
      open
      width="wide"
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={asked.data?.title ?? t("one")}
    >
      <Shown
        asked={asked}
        loading={<SkeletonRows label={t("loading")} />}
        nameOf={({ title }) => title}
        onBack={onClose}
      >
        {(incident) => (
          <div className="grid gap-6">
            <div className="flex flex-wrap items-center gap-2 text-muted text-sm">
              <SeverityBadge of={incident.severity} />
              <Badge tone={incident.status === "open" ? "wait" : "quiet"}>
                {t(`status.${incident.status}`)}
              </Badge>
              <span>
                {t("openedBy", { name: incident.openedBy })} <RelativeTime at={incident.openedAt} />
              </span>
            </div>
            <Actions incident={incident} />
            <Freezes incident={incident} />
            <Acts incident={incident} />
          </div>
        )}
      </Shown>
    </Sheet>
  );
}

function Actions({ incident: { id, status } }: { incident: Incident }) {
  const { t } = useTranslation("incidents");
  const acts = useIncidentActs(id);
  const tellFailure = useTellFailure();
  const [asked, setAsked] = useState<Asked | null>(null);
  const isOpen = status === "open";
  const done = { onSuccess: () => setAsked(null), onError: tellFailure };
  const save = (what: "evidence" | "report", name: string) =>
    saveReply(`get /api/v1/incidents/:id/${what}`, name, { params: { id } }).catch(tellFailure);
  return (
    <div className="flex flex-wrap gap-2">
      {isOpen && (
        <>
          <Button tone="danger" onClick={() => setAsked("freeze")}>
            <Snowflake aria-hidden className="size-4" />
            {t("acts.freeze")}
          </Button>
          <Button onClick={() => setAsked("revoke")}>{t("acts.revoke")}</Button>
          <Button onClick={() => setAsked("note")}>{t("acts.note")}</Button>
        </>
      )}
      <Button onClick={() => void save("evidence", `evidence-${id.slice(-12)}.zip`)}>
        {t("acts.evidence")}
      </Button>
      <Button onClick={() => void save("report", `incident-${id.slice(-12)}.md`)}>{t("acts.report")}</Button>
      {isOpen && <Button onClick={() => setAsked("close")}>{t("acts.close")}</Button>}
      {asked === "freeze" && (
        <FreezeDialog
          busy={acts.freeze.isPending}
          onClose={() => setAsked(null)}
          onFreeze={(freezing) => acts.freeze.mutate(freezing, done)}
        />
      )}
      {asked === "revoke" && (
        <RevokeDialog
          busy={acts.revoke.isPending}
          onClose={() => setAsked(null)}
          onRevoke={(revoking) => acts.revoke.mutate(revoking, done)}
        />
      )}
      {asked === "note" && (
        <TextDialog
          title={t("acts.note")}
          label={t("form.note")}
          action={t("form.write")}
          busy={acts.note.isPending}
          onClose={() => setAsked(null)}
          onText={(text) => acts.note.mutate(text, done)}
        />
      )}
      {asked === "close" && (
        <TextDialog
          title={t("acts.close")}
          label={t("form.conclusion")}
          action={t("acts.close")}
          busy={acts.close.isPending}
          onClose={() => setAsked(null)}
          onText={(text) => acts.close.mutate(text, done)}
        />
      )}
    </div>
  );
}

function Freezes({ incident: { id, freezes } }: { incident: Incident }) {
  const { t } = useTranslation("incidents");
  const { unfreeze } = useIncidentActs(id);
  const tellFailure = useTellFailure();
  const current = freezes.filter(({ liftedAt }) => liftedAt === null);
  if (current.length === 0) return null;
  const lift = async (freeze: string) => {
    const question = { title: t("lift.title"), description: t("lift.text"), action: t("lift.action") };
    if (await confirm(question)) unfreeze.mutate(freeze, { onError: tellFailure });
  };
  return (
    <ul className="grid gap-2">
      {current.map((one) => (
        <li key={one.id} className="flex flex-wrap items-center gap-3 rounded-lg bg-run-soft p-3 text-sm">
          <Snowflake aria-hidden className="size-5 text-run" />
          <div className="min-w-0 flex-1">
            <p dir="auto" className="font-medium">
              {one.workflow?.name ?? t("everything")}
            </p>
            <p dir="auto" className="text-muted text-xs">
              {one.reason} · {t("paused", { count: one.paused })}
            </p>
          </div>
          <Button size="small" busy={unfreeze.isPending} onClick={() => void lift(one.id)}>
            {t("lift.action")}
          </Button>
        </li>
      ))}
    </ul>
  );
}

function Acts({ incident: { acts } }: { incident: Incident }) {
  const { t } = useTranslation("incidents");
  const format = useFormat();
  return (
    <section aria-label={t("done")} className="grid gap-2">
      <h3 className="font-semibold text-sm">{t("done")}</h3>
      <ol className="grid gap-3 border-line border-s ps-4">
        {acts.map(({ id, at, actor, kind, text }) => (
          <li key={id} className="grid gap-0.5 text-sm">
            <p className="flex flex-wrap gap-x-2 text-muted text-xs">
              <span>{t(`kind.${kind}`)}</span>
              <span dir="ltr">{actor}</span>
              <time dateTime={at}>{format.exact(Date.parse(at))}</time>
            </p>
            <p dir="auto" className="whitespace-pre-wrap break-words">
              {text}
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}
