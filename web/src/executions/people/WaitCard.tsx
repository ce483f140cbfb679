// An open wait, by its kind: a question is answered here, a signal is sent, an address is copied, a time is only shown.
import { ClipboardPen, Hourglass, Link2, Radio, UserCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import { CopyButton } from "../../ui/CopyButton.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import type { Wait } from "../queries.ts";
import { ApprovalForm } from "./ApprovalForm.tsx";
import { Card } from "./Card.tsx";
import { SignalForm } from "./SignalForm.tsx";

type WaitCardProps = { id: string; wait: Wait; name: string };

const icons = { approval: UserCheck, signal: Radio, webhook: Link2, duration: Hourglass, until: Hourglass };

export function WaitCard({ id, wait, name }: WaitCardProps) {
  const { t } = useTranslation("executions");
  const { kind, title, message, assignees = [], signal, resumeUrl, formUrl } = wait;
  return (
    <Card
      icon={formUrl === undefined ? icons[kind] : ClipboardPen}
      title={title ?? t(`people.kinds.${kind}`, { name, signal })}
      facts={
        <>
          {title !== undefined && <span>{name}</span>}
          <span>
            {t("people.since")} <RelativeTime at={wait.openedAt} />
          </span>
          {wait.until !== null && (
            <span>
              {t("people.until")} <RelativeTime at={wait.until} />
            </span>
          )}
          {assignees.length > 0 && <span>{t("people.asked", { names: assignees.join(", ") })}</span>}
        </>
      }
    >
      {message && <p className="whitespace-pre-wrap">{message}</p>}
      {kind === "approval" && <ApprovalForm id={id} wait={wait} />}
      {kind === "signal" && signal !== undefined && <SignalForm id={id} name={signal} />}
      {kind === "webhook" && resumeUrl !== undefined && <ResumeUrl url={resumeUrl} />}
      {formUrl !== undefined && (
        <>
          <p className="text-muted text-sm">{t("people.formHelp")}</p>
          <ResumeUrl url={formUrl} />
          <a
            href={formUrl}
            target="_blank"
            rel="noreferrer"
            className="justify-self-start font-medium text-sm underline underline-offset-2"
          >
            {t("people.openForm")}
          </a>
        </>
      )}
    </Card>
  );
}

function ResumeUrl({ url }: { url: string }) {
  const { t } = useTranslation("executions");
  return (
    <div className="flex min-w-0 items-center gap-1 rounded-md bg-sunken ps-2">
      <code dir="ltr" className="min-w-0 flex-1 truncate font-mono text-xs">
        {url}
      </code>
      <CopyButton text={url} label={t("people.copyUrl")} />
    </div>
  );
}
