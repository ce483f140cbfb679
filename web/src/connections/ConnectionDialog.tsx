// Makes or changes a connection: first its kind, then what that kind asks for. A secret that is there is shown as kept, and
// stays unless another one is typed.
import type { JsonObject } from "@auraos/kernel";
import { type FormEvent, useId, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../api/apiError.ts";
import { type Connection, type ConnectionType, useSaveConnection } from "../api/connections.ts";
import { ConfigForm } from "../builder/form/ConfigForm.tsx";
import { FieldContext } from "../builder/form/fieldContext.ts";
import type { Schema } from "../builder/types/schema.ts";
import { useConnectionKinds } from "../connectionKinds/useConnectionKinds.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { describeError } from "../ui/describeError.ts";
import { Field } from "../ui/Field.tsx";
import { Input } from "../ui/Input.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";
import { Textarea } from "../ui/Textarea.tsx";
import { toast } from "../ui/toasts.ts";
import { KindChoice } from "./KindChoice.tsx";

type ConnectionDialogProps = {
  connection: Connection | null;
  /** Kinds to choose from, with commas. */
  kind: string | undefined;
  /** With the id of what was made. */
  onClose(made?: string): void;
};

export function ConnectionDialog({ connection, kind, onClose }: ConnectionDialogProps) {
  const { t } = useTranslation("connections");
  const known = useConnectionKinds();
  const kinds = kind?.split(",");
  const types = (known ?? []).filter(({ type }) => kinds === undefined || kinds.includes(type));
  const [chosen, setChosen] = useState<string | undefined>(connection?.type);
  const type = known?.find(
    (one) => one.type === (chosen ?? (types.length === 1 ? types[0]?.type : undefined)),
  );
  if (type) return <Form key={type.type} type={type} connection={connection} onClose={onClose} />;
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()} title={t("form.kind")} width="normal">
      {known ? <KindChoice types={types} onChoose={setChosen} /> : <SkeletonRows label={t("loading")} />}
    </Dialog>
  );
}

type FormProps = { type: ConnectionType; connection: Connection | null; onClose(made?: string): void };

function Form({ type, connection, onClose }: FormProps) {
  const { t } = useTranslation("connections");
  const formId = useId();
  const save = useSaveConnection();
  const [name, setName] = useState(connection?.name ?? "");
  const [description, setDescription] = useState(connection?.description ?? "");
  const [hosts, setHosts] = useState(connection?.hosts.join(", ") ?? "");
  const [values, setValues] = useState<JsonObject>((connection?.values ?? {}) as JsonObject);
  const schema = useMemo(() => schemaOf(type, connection), [type, connection]);
  const problems = save.error instanceof ApiError ? save.error.problems : [];
  const problemOf = (field: string) => problems.find((one) => one.field === field)?.message;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const list = hosts.split(/[\s,]+/).filter((host) => host !== "");
    save.mutate(
      {
        ...(connection ? { id: connection.id } : {}),
        body: {
          name: name.trim(),
          type: type.type,
          values,
          ...(description === "" ? {} : { description }),
          ...(type.hosts === "listed" ? { hosts: list } : {}),
          ...(connection?.roles ? { roles: connection.roles } : {}),
          ...(connection?.expiresAt ? { expiresAt: connection.expiresAt } : {}),
        },
      },
      {
        onSuccess: ({ id }) => {
          toast.success(t(connection ? "form.changed" : "form.created", { name }));
          onClose(id);
        },
      },
    );
  };
  const surroundings = {
    problems: problems.filter(({ field }) => field !== undefined && field !== "hosts") as never,
    expressions: undefined,
    rawFields: [],
    focus: null,
    choices: new Map(),
    example: Object.fromEntries(Object.keys(connection?.secrets ?? {}).map((one) => [one, t("form.kept")])),
  };

  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={
        connection ? t("form.changeTitle", { name: connection.name }) : t("form.title", { kind: type.name })
      }
      description={type.description}
      width="normal"
      actions={
        <>
          {save.error && <Refused error={save.error} />}
          <Button onClick={() => onClose()}>{t("ui:cancel")}</Button>
          <Button type="submit" form={formId} tone="primary" busy={save.isPending}>
            {connection ? t("form.change") : t("form.create")}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} noValidate autoComplete="off" className="grid gap-4">
        <Field label={t("form.name")} help={t("form.nameHelp")}>
          {(ids) => (
            <Input
              {...ids}
              autoFocus={connection === null}
              required
              maxLength={100}
              value={name}
              placeholder={t("form.nameExample")}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <FieldContext value={surroundings}>
          <ConfigForm
            schema={schema}
            value={values}
            onChange={(next) => {
              save.reset();
              setValues(next);
            }}
          />
        </FieldContext>
        {type.hosts === "listed" && (
          <Field label={t("form.hosts")} help={t("form.hostsHelp")} error={problemOf("hosts")}>
            {(ids) => (
              <Input
                {...ids}
                dir="ltr"
                value={hosts}
                spellCheck={false}
                placeholder={t("form.hostsExample")}
                onChange={(event) => {
                  save.reset();
                  setHosts(event.target.value);
                }}
              />
            )}
          </Field>
        )}
        <Field label={t("form.description")}>
          {(ids) => (
            <Textarea
              {...ids}
              rows={2}
              dir="auto"
              value={description}
              onChange={(event) => setDescription(event.target.value)}
            />
          )}
        </Field>
        <p className="text-muted text-xs">{t("form.sealed")}</p>
      </form>
    </Dialog>
  );
}

/** What is refused at a field is said there; here stands what it means as a whole. */
function Refused({ error }: { error: unknown }) {
  const { t } = useTranslation("ui");
  const { title, remedy } = describeError(error, t);
  return (
    <p role="alert" className="me-auto basis-full text-fail text-xs sm:basis-0 sm:grow">
      {title} {remedy}
    </p>
  );
}

/** Secret fields are typed unseen; one that is kept need not be filled in again. */
function schemaOf(type: ConnectionType, connection: Connection | null): Schema {
  const schema = type.schema as Schema;
  const properties = Object.entries(schema.properties ?? {}).map(([name, one]) =>
    type.secretFields.includes(name) && one.type === "string"
      ? [name, { ...one, format: "password" }]
      : [name, one],
  );
  const isKept = (name: string) => connection !== null && name in connection.secrets;
  const required = (schema.required ?? []).filter((name) => !isKept(name));
  return { ...schema, properties: Object.fromEntries(properties) as Record<string, Schema>, required };
}
