// Makes or changes a pool.
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Pool, useSavePool } from "../api/tasks.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { describeError } from "../ui/describeError.ts";
import { Field } from "../ui/Field.tsx";
import { Input } from "../ui/Input.tsx";
import { Select } from "../ui/Select.tsx";
import { toast } from "../ui/toasts.ts";

const scopes = ["named", "tenant", "workflow", "connection"] as const;

export function PoolDialog({ pool, onClose }: { pool: Pool | null; onClose(): void }) {
  const { t } = useTranslation("pools");
  const { t: say } = useTranslation("ui");
  const formId = useId();
  const save = useSavePool();
  const [name, setName] = useState(pool?.name ?? "");
  const [slots, setSlots] = useState(text(pool?.slots ?? (pool ? undefined : 4)));
  const [count, setCount] = useState(text(pool?.rate?.count));
  const [seconds, setSeconds] = useState(text(pool?.rate?.seconds ?? 60));
  const [scope, setScope] = useState<Pool["scope"]>(pool?.scope ?? "named");
  const [scopeId, setScopeId] = useState(pool?.scopeId ?? "");
  const error = save.error && describeError(save.error, say);
  const needsId = scope === "workflow" || scope === "connection";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = {
      ...{ scope, weights: pool?.weights ?? {}, paused: pool?.paused ?? false },
      ...(slots === "" ? {} : { slots: Number(slots) }),
      ...(count === "" ? {} : { rate: { count: Number(count), seconds: Number(seconds) || 60 } }),
      ...(needsId ? { scopeId } : {}),
    };
    save.mutate(
      { name: name.trim(), body, ...(pool ? { etag: pool.etag } : {}) },
      {
        onSuccess: () => {
          toast.success(t("saved", { name: name.trim() }));
          onClose();
        },
      },
    );
  };
  const number = (label: string, value: string, set: (value: string) => void, help?: string) => (
    <Field label={label} help={help}>
      {(ids) => (
        <Input {...ids} type="number" min={1} value={value} onChange={(event) => set(event.target.value)} />
      )}
    </Field>
  );
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={pool ? t("edit", { name: pool.name }) : t("new")}
      actions={
        <>
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <Button type="submit" form={formId} tone="primary" busy={save.isPending}>
            {t("save")}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="grid gap-4">
        {!pool && (
          <Field label={t("form.name")} help={t("form.nameHelp")}>
            {(ids) => (
              <Input
                {...ids}
                autoFocus
                required
                dir="ltr"
                pattern="[A-Za-z0-9._\-]{1,100}"
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
        )}
        {number(t("form.slots"), slots, setSlots, t("form.slotsHelp"))}
        <div className="grid grid-cols-2 gap-4">
          {number(t("form.rateCount"), count, setCount)}
          {number(t("form.rateSeconds"), seconds, setSeconds)}
        </div>
        <Field label={t("form.scope")}>
          {(ids) => (
            <Select
              {...ids}
              value={scope}
              onChange={(value) => setScope(value as Pool["scope"])}
              options={scopes.map((value) => ({ value, label: t(`scopeLong.${value}`) }))}
            />
          )}
        </Field>
        {needsId && (
          <Field label={t("form.scopeId")}>
            {(ids) => (
              <Input
                {...ids}
                dir="ltr"
                required
                value={scopeId}
                onChange={(event) => setScopeId(event.target.value)}
              />
            )}
          </Field>
        )}
        {error && (
          <p role="alert" className="text-fail text-xs">
            {error.problems[0]?.message ?? error.title} {error.problems[0]?.remedy ?? error.remedy}
          </p>
        )}
      </form>
    </Dialog>
  );
}

function text(value: number | undefined): string {
  return value === undefined ? "" : String(value);
}
