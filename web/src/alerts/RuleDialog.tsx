// Makes a rule: what is watched, from when on it is too much, and who is told.
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { type AlertKind, type AlertRuleDraft, useCreateAlertRule } from "../api/alerts.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { describeError } from "../ui/describeError.ts";
import { Field } from "../ui/Field.tsx";
import { Input } from "../ui/Input.tsx";
import { Select } from "../ui/Select.tsx";
import { toast } from "../ui/toasts.ts";
import { conditionOf, kinds, limitOf } from "./ruleForm.ts";

const severities = ["info", "warning", "critical"] as const;

export function RuleDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation("alerts");
  const { t: say } = useTranslation("ui");
  const formId = useId();
  const create = useCreateAlertRule();
  const [name, setName] = useState("");
  const [kind, setKind] = useState<AlertKind>("failureRate");
  const [limit, setLimit] = useState(String(limitOf("failureRate")));
  const [severity, setSeverity] = useState<(typeof severities)[number]>("warning");
  const [email, setEmail] = useState("");
  const [url, setUrl] = useState("");
  const error = create.error && describeError(create.error, say);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const channels: AlertRuleDraft["channels"] = [
      ...(email.trim() === "" ? [] : [{ kind: "email" as const, to: email.trim() }]),
      ...(url.trim() === "" ? [] : [{ kind: "webhook" as const, url: url.trim() }]),
    ];
    create.mutate(
      { name: name.trim(), severity, condition: conditionOf(kind, Number(limit)), channels },
      {
        onSuccess: (rule) => {
          toast.success(t("created", { name: rule.name }));
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={t("newRule")}
      description={t("form.text")}
      actions={
        <>
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <Button type="submit" form={formId} tone="primary" busy={create.isPending}>
            {t("form.create")}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="grid gap-4">
        <Field label={t("form.name")}>
          {(ids) => (
            <Input
              {...ids}
              autoFocus
              required
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Field label={t("form.kind")}>
          {(ids) => (
            <Select
              {...ids}
              value={kind}
              onChange={(value) => {
                setKind(value as AlertKind);
                setLimit(String(limitOf(value as AlertKind)));
              }}
              options={kinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
            />
          )}
        </Field>
        <Field label={t(`limit.${kind}`)}>
          {(ids) => (
            <Input
              {...ids}
              type="number"
              required
              min={1}
              value={limit}
              onChange={(event) => setLimit(event.target.value)}
            />
          )}
        </Field>
        <Field label={t("form.severity")}>
          {(ids) => (
            <Select
              {...ids}
              value={severity}
              onChange={(value) => setSeverity(value as (typeof severities)[number])}
              options={severities.map((value) => ({ value, label: t(`severity.${value}`) }))}
            />
          )}
        </Field>
        <Field label={t("form.email")} aside={t("form.optional")}>
          {(ids) => (
            <Input {...ids} dir="ltr" value={email} onChange={(event) => setEmail(event.target.value)} />
          )}
        </Field>
        <Field label={t("form.url")} aside={t("form.optional")} help={t("form.urlHelp")}>
          {(ids) => (
            <Input
              {...ids}
              dir="ltr"
              type="url"
              value={url}
              onChange={(event) => setUrl(event.target.value)}
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
