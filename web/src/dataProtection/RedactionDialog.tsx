// Hides a field: its path, tried on an item while it is written, so that nobody hides the wrong one.
import { type FormEvent, useDeferredValue, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { usePermissions } from "../api/account.ts";
import { hideField, useProtectionAct, useRedactionPreview } from "../api/dataProtection.ts";
import { useFormat } from "../i18n/useFormat.ts";
import { WorkflowSelect } from "../pick/WorkflowSelect.tsx";
import { Button } from "../ui/Button.tsx";
import { Checkbox } from "../ui/Checkbox.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { describeError } from "../ui/describeError.ts";
import { Field } from "../ui/Field.tsx";
import { Input } from "../ui/Input.tsx";
import { JsonTree } from "../ui/JsonTree.tsx";
import { SegmentedControl } from "../ui/SegmentedControl.tsx";
import { Textarea } from "../ui/Textarea.tsx";
import { toast } from "../ui/toasts.ts";

type Mode = "hide" | "mask";
const EVERY = "every";
const EXAMPLE = `{
  "customer": { "email": "ann@example.com", "city": "Bergen" },
  "cardNumber": "4111111111111111"
}`;
const PATH = /^(\*\*|\*|[^.*]+)(\.(\*\*|\*|[^.*]+))*$/;

export function RedactionDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation("dataProtection");
  const { t: say } = useTranslation("ui");
  const formId = useId();
  const { data: table } = usePermissions();
  const [path, setPath] = useState("customer.email");
  const [mode, setMode] = useState<Mode>("hide");
  const [workflow, setWorkflow] = useState(EVERY);
  const [visibleTo, setVisibleTo] = useState<string[]>([]);
  const [example, setExample] = useState(EXAMPLE);
  const hide = useProtectionAct(hideField);
  const error = hide.error && describeError(hide.error, say);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    hide.mutate(
      { path: path.trim(), mode, workflowId: workflow === EVERY ? null : workflow, visibleTo },
      {
        onSuccess: () => {
          toast.success(t("fields.hidden", { path: path.trim() }));
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      open
      width="normal"
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={t("fields.new")}
      description={t("fields.dialog")}
      actions={
        <>
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <Button type="submit" form={formId} tone="primary" busy={hide.isPending}>
            {t("fields.hide")}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="grid gap-4">
        <Field label={t("fields.path")} help={t("fields.pathHelp")}>
          {(ids) => (
            <Input
              {...ids}
              autoFocus
              required
              dir="ltr"
              spellCheck={false}
              pattern={PATH.source}
              maxLength={300}
              className="font-mono"
              value={path}
              onChange={(event) => setPath(event.target.value)}
            />
          )}
        </Field>
        <div className="flex flex-wrap items-end gap-x-6 gap-y-3">
          <div className="min-w-0 flex-1 basis-56">
            <Field label={t("fields.workflow")}>
              {(ids) => (
                <WorkflowSelect
                  {...ids}
                  value={workflow}
                  onChange={setWorkflow}
                  first={{ value: EVERY, label: t("fields.everyWorkflow") }}
                />
              )}
            </Field>
          </div>
          <SegmentedControl<Mode>
            label={t("fields.how")}
            value={mode}
            onChange={setMode}
            segments={(["hide", "mask"] as const).map((value) => ({
              value,
              label: t(`fields.mode.${value}`),
            }))}
          />
        </div>
        <fieldset className="grid gap-2">
          <legend className="mb-1 font-medium text-xs">{t("fields.roles")}</legend>
          <div className="flex flex-wrap gap-x-5 gap-y-2">
            {table?.roles.map(({ role }) => (
              <Checkbox
                key={role}
                label={role}
                checked={visibleTo.includes(role)}
                onChange={(isOn) =>
                  setVisibleTo(isOn ? [...visibleTo, role] : visibleTo.filter((one) => one !== role))
                }
              />
            ))}
          </div>
        </fieldset>
        <Field label={t("fields.example")} help={t("fields.exampleHelp")}>
          {(ids) => (
            <Textarea
              {...ids}
              mono
              rows={5}
              value={example}
              onChange={(event) => setExample(event.target.value)}
            />
          )}
        </Field>
        <Preview text={useDeferredValue(example)} path={useDeferredValue(path.trim())} mode={mode} />
        {error && (
          <p role="alert" className="text-fail text-xs">
            {error.problems[0]?.message ?? error.title} {error.problems[0]?.remedy ?? error.remedy}
          </p>
        )}
      </form>
    </Dialog>
  );
}

function Preview({ text, path, mode }: { text: string; path: string; mode: Mode }) {
  const { t } = useTranslation("dataProtection");
  const format = useFormat();
  const json = parsed(text);
  const isTried = json !== undefined && PATH.test(path);
  const { data } = useRedactionPreview(json ?? null, isTried ? [{ path, mode }] : []);
  return (
    <div aria-live="polite" className="grid gap-1">
      <p className="text-muted text-xs">
        {json === undefined
          ? t("fields.noJson")
          : t("fields.found", { count: data?.hidden ?? 0, number: format.number(data?.hidden ?? 0) })}
      </p>
      {isTried && data && (
        <div className="max-h-48 overflow-auto rounded-md bg-sunken p-3">
          <JsonTree value={data.json} openDepth={4} />
        </div>
      )}
    </div>
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
