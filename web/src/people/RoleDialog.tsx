// A role of the organization's own: its name, what it is for, and its rights in a table of what and which. Rights that one
// lacks oneself cannot be ticked: nobody gives away more than they have.
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe, usePeopleAction, type usePermissions } from "../api/account.ts";
import { request } from "../api/request.ts";
import { Button } from "../ui/Button.tsx";
import { Checkbox } from "../ui/Checkbox.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Field } from "../ui/Field.tsx";
import { Input } from "../ui/Input.tsx";
import { Select } from "../ui/Select.tsx";
import { toast } from "../ui/toasts.ts";
import { useTellFailure } from "../ui/useTellFailure.ts";

type Table = NonNullable<ReturnType<typeof usePermissions>["data"]>;
export type OwnRole = Table["roles"][number];
type Action = OwnRole["actions"][number];

type RoleDialogProps = { role?: OwnRole; table: Table; onClose(): void };

export function RoleDialog({ role, table, onClose }: RoleDialogProps) {
  const { t } = useTranslation("people");
  const tellFailure = useTellFailure();
  const { data: me } = useMe();
  const mine = new Set<Action>(me?.actions);
  const [name, setName] = useState(role?.role ?? "");
  const [description, setDescription] = useState(role?.description ?? "");
  const [from, setFrom] = useState("");
  const [chosen, setChosen] = useState<ReadonlySet<Action>>(new Set(role?.actions));
  const save = usePeopleAction(
    () =>
      request("put /api/v1/roles/:name", {
        params: { name: name.trim() },
        body: {
          actions: table.actions.map(({ action }) => action).filter((action) => chosen.has(action)),
          ...(description.trim() === "" ? {} : { description: description.trim() }),
        },
      }),
    ["permissions", "me"],
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!event.currentTarget.reportValidity()) return;
    save.mutate(undefined, {
      onSuccess: () => {
        toast.success(t("ownRoles.saved", { role: name.trim() }));
        onClose();
      },
      onError: tellFailure,
    });
  };
  const put = (actions: readonly Action[], isChosen: boolean) => {
    const next = new Set(chosen);
    for (const action of actions) {
      if (isChosen && mine.has(action)) next.add(action);
      if (!isChosen) next.delete(action);
    }
    setChosen(next);
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      width="normal"
      title={role === undefined ? t("ownRoles.new") : t("ownRoles.editOf", { role: role.role })}
      actions={
        <>
          <p aria-live="polite" className="me-auto self-center text-muted text-xs">
            {t("ownRoles.rights", { count: chosen.size })}
          </p>
          <Button onClick={onClose}>{t("ui:cancel")}</Button>
          <Button tone="primary" type="submit" form="role" busy={save.isPending} disabled={chosen.size === 0}>
            {t("ownRoles.save")}
          </Button>
        </>
      }
    >
      <form id="role" onSubmit={submit} className="grid gap-4">
        {role === undefined && (
          <Field label={t("ownRoles.name")} help={t("ownRoles.nameHelp")}>
            {(ids) => (
              <Input
                {...ids}
                required
                autoFocus
                dir="ltr"
                pattern="[a-z][a-z0-9\-]{1,39}"
                maxLength={40}
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
        )}
        <Field label={t("ownRoles.description")}>
          {(ids) => (
            <Input
              {...ids}
              dir="auto"
              maxLength={300}
              value={description}
              onChange={(event) => setDescription(event.target.value)}
            />
          )}
        </Field>
        {role === undefined && (
          <Field label={t("ownRoles.from")}>
            {(ids) => (
              <Select
                {...ids}
                value={from}
                placeholder={t("ownRoles.fromNothing")}
                options={table.roles.map((one) => ({
                  value: one.role,
                  label: t(`roles.${one.role}`, { defaultValue: one.role }),
                }))}
                onChange={(next) => {
                  setFrom(next);
                  const actions = table.roles.find((one) => one.role === next)?.actions ?? [];
                  setChosen(new Set(actions.filter((action) => mine.has(action))));
                }}
              />
            )}
          </Field>
        )}
        <RightsTable table={table} mine={mine} chosen={chosen} onPut={put} />
      </form>
    </Dialog>
  );
}

type RightsTableProps = {
  table: Table;
  mine: ReadonlySet<Action>;
  chosen: ReadonlySet<Action>;
  onPut(actions: readonly Action[], isChosen: boolean): void;
};

function RightsTable({ table, mine, chosen, onPut }: RightsTableProps) {
  const { t } = useTranslation("people");
  const groups = Map.groupBy(table.actions, ({ resource }) => resource);
  return (
    <fieldset>
      <legend className="mb-1 font-medium text-sm">{t("rights.choose")}</legend>
      <div className="divide-y divide-line rounded-lg border border-line">
        {[...groups].map(([resource, rows]) => {
          const actions = rows.map(({ action }) => action);
          const count = actions.filter((action) => chosen.has(action)).length;
          return (
            <div key={resource} className="grid gap-2 px-3 py-2.5 sm:grid-cols-[11rem_1fr]">
              <Checkbox
                label={
                  <span className="font-medium">
                    {t(`resources.${resource}`, { defaultValue: resource })}
                  </span>
                }
                checked={count === 0 ? false : count === actions.length ? true : "indeterminate"}
                disabled={!actions.some((action) => mine.has(action))}
                onChange={(isChosen) => onPut(actions, isChosen)}
              />
              <div className="flex flex-wrap gap-x-4 gap-y-1.5 ps-6 sm:ps-0">
                {rows.map(({ action, verb }) => (
                  <Checkbox
                    key={action}
                    label={
                      <>
                        {t(`verbs.${verb}`, { defaultValue: verb })}
                        <span className="sr-only">
                          {" "}
                          {t(`resources.${resource}`, { defaultValue: resource })}
                        </span>
                      </>
                    }
                    checked={chosen.has(action)}
                    disabled={!mine.has(action) && !chosen.has(action)}
                    onChange={(isChosen) => onPut([action], isChosen)}
                  />
                ))}
              </div>
            </div>
          );
        })}
      </div>
    </fieldset>
  );
}
