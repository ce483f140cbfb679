// Hidden fields: which, of which workflow, who sees them all the same; and who looked behind a rule.
import { EyeOff, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useMay } from "../api/account.ts";
import {
  type RedactionRule,
  showField,
  useProtectionAct,
  useRedactions,
  useReveals,
} from "../api/dataProtection.ts";
import { paths } from "../paths.ts";
import { useProof } from "../security/useProof.tsx";
import { Badge } from "../ui/Badge.tsx";
import { Button } from "../ui/Button.tsx";
import { confirm } from "../ui/confirmations.ts";
import { ErrorState } from "../ui/ErrorState.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";
import { toast } from "../ui/toasts.ts";
import { Nothing, Part } from "./Part.tsx";
import { RedactionDialog } from "./RedactionDialog.tsx";

export function RedactionPart() {
  const { t } = useTranslation("dataProtection");
  const mayChange = useMay("protection.write");
  const [isOpen, setIsOpen] = useState(false);
  const { data, error, refetch, isFetching } = useRedactions();
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} busy={isFetching} />;
  if (!data) return <SkeletonRows label={t("loading")} />;
  return (
    <>
      <Part
        title={t("fields.title")}
        text={t("fields.text")}
        actions={
          mayChange && (
            <Button tone="primary" onClick={() => setIsOpen(true)}>
              <Plus aria-hidden className="size-4" />
              {t("fields.new")}
            </Button>
          )
        }
      >
        {data.items.length === 0 && <Nothing>{t("fields.none")}</Nothing>}
        {data.items.map((rule) => (
          <RuleRow key={rule.id} rule={rule} mayChange={mayChange} />
        ))}
      </Part>
      <Reveals />
      {isOpen && <RedactionDialog onClose={() => setIsOpen(false)} />}
    </>
  );
}

function RuleRow({ rule, mayChange }: { rule: RedactionRule; mayChange: boolean }) {
  const { t } = useTranslation("dataProtection");
  const remove = useProtectionAct(showField);
  const [prove, proof] = useProof();
  const { path, workflowId, workflowName, visibleTo } = rule;
  const ask = async () => {
    const question = {
      title: t("fields.show.title", { path }),
      description: t("fields.show.text"),
      action: t("fields.show.action"),
    };
    if (!(await confirm({ ...question, danger: true }))) return;
    await prove(async () => {
      await remove.mutateAsync(rule.id);
      toast.success(t("fields.show.done", { path }));
    });
  };
  return (
    <div className="flex items-center gap-4 px-4 py-3">
      <EyeOff aria-hidden className="size-4 shrink-0 text-muted" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2">
          <code dir="ltr" className="break-all font-medium font-mono text-sm">
            {path}
          </code>
          {rule.mode === "mask" && <Badge>{t("fields.mode.mask")}</Badge>}
        </p>
        <p className="text-muted text-xs">
          {workflowId === null ? (
            t("fields.everyWorkflow")
          ) : (
            <Link to={paths.workflow(workflowId)} dir="auto" className="hover:underline">
              {workflowName ?? workflowId.slice(0, 8)}
            </Link>
          )}
          {" · "}
          {visibleTo.length === 0
            ? t("fields.visibleToNobody")
            : t("fields.visibleTo", { roles: visibleTo.join(", ") })}
        </p>
        {rule.note !== null && (
          <p dir="auto" className="text-xs">
            {rule.note}
          </p>
        )}
      </div>
      {mayChange && (
        <IconButton
          size="small"
          icon={Trash2}
          label={t("fields.show.of", { path })}
          onClick={() => void ask()}
        />
      )}
      {proof}
    </div>
  );
}

function Reveals() {
  const { t } = useTranslation("dataProtection");
  const { data } = useReveals();
  if (!data || data.items.length === 0) return null;
  return (
    <Part title={t("reveals.title")} text={t("reveals.text")}>
      {data.items.map(({ id, executionId, run, reason, by, at }) => (
        <div key={id} className="flex flex-wrap items-baseline gap-x-4 gap-y-1 px-4 py-2 text-sm">
          <bdi dir="ltr" className="font-medium">
            {by}
          </bdi>
          <Link to={paths.execution(executionId)} dir="ltr" className="font-mono text-xs hover:underline">
            {executionId.slice(0, 8)}
            {run === null ? "" : ` ${run}`}
          </Link>
          <span dir="auto" className="min-w-0 flex-1 basis-48">
            {reason}
          </span>
          <span className="text-muted text-xs">
            <RelativeTime at={at} />
          </span>
        </div>
      ))}
    </Part>
  );
}
