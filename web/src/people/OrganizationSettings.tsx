// The organization itself: its name, the zone of its days, and whether everybody needs a second factor.
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Me, takeSession, useMay, usePeopleAction } from "../api/account.ts";
import { queryClient } from "../api/queryClient.ts";
import { request } from "../api/request.ts";
import { Button } from "../ui/Button.tsx";
import { confirm } from "../ui/confirmations.ts";
import { Input } from "../ui/Input.tsx";
import { Switch } from "../ui/Switch.tsx";
import { toast } from "../ui/toasts.ts";
import { useTellFailure } from "../ui/useTellFailure.ts";
import { Panel } from "./Panel.tsx";

const zones = Intl.supportedValuesOf("timeZone");

export function OrganizationSettings({ organization }: { organization: NonNullable<Me["organization"]> }) {
  const { t } = useTranslation("people");
  const tellFailure = useTellFailure();
  const mayEnd = useMay("organization.delete");
  const [name, setName] = useState(organization.name);
  const [timezone, setTimezone] = useState(organization.timezone);
  const zoneId = useId();
  const zoneListId = useId();
  const change = usePeopleAction(
    (body: { name?: string; mfaRequired?: boolean; timezone?: string }) =>
      request("put /api/v1/organization", { body }),
    ["me"],
  );
  const rename = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === "" || name.trim() === organization.name) return;
    change.mutate(
      { name: name.trim() },
      { onSuccess: () => toast.success(t("organization.renamed")), onError: tellFailure },
    );
  };
  const moveDays = (event: FormEvent) => {
    event.preventDefault();
    if (timezone.trim() === "" || timezone.trim() === organization.timezone) return;
    change.mutate(
      { timezone: timezone.trim() },
      { onSuccess: () => toast.success(t("organization.timezoneSaved")), onError: tellFailure },
    );
  };
  const askToEnd = async () => {
    const question = {
      title: t("organization.endTitle", { name: organization.name }),
      description: t("organization.endText"),
    };
    if (!(await confirm({ ...question, action: t("organization.end"), danger: true }))) return;
    try {
      await request("post /api/v1/organization/end", { body: { name: organization.name } });
      queryClient.clear();
      await takeSession();
    } catch (error) {
      tellFailure(error);
    }
  };
  return (
    <Panel title={t("organization.title")}>
      <form onSubmit={rename} className="flex flex-wrap items-center gap-2 px-4 py-3">
        <Input
          aria-label={t("organization.name")}
          dir="auto"
          className="max-w-xs flex-1"
          value={name}
          maxLength={100}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit" busy={change.isPending}>
          {t("organization.rename")}
        </Button>
      </form>
      <form onSubmit={moveDays} className="px-4 py-3">
        <label htmlFor={zoneId} className="mb-1.5 block font-medium text-sm">
          {t("organization.timezone")}
        </label>
        <div className="flex flex-wrap items-center gap-2">
          <Input
            id={zoneId}
            aria-describedby={`${zoneId}-help`}
            dir="ltr"
            className="max-w-xs flex-1"
            list={zoneListId}
            value={timezone}
            maxLength={60}
            onChange={(event) => setTimezone(event.target.value)}
          />
          <datalist id={zoneListId}>
            {zones.map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
          <Button type="submit" busy={change.isPending}>
            {t("organization.save")}
          </Button>
        </div>
        <p id={`${zoneId}-help`} className="mt-1 max-w-prose text-muted text-xs">
          {t("organization.timezoneHelp")}
        </p>
      </form>
      <div className="px-4 py-3">
        <Switch
          label={t("organization.mfa")}
          checked={organization.mfaRequired}
          onChange={(mfaRequired) => change.mutate({ mfaRequired }, { onError: tellFailure })}
        />
        <p className="mt-1 max-w-prose text-muted text-xs">{t("organization.mfaHelp")}</p>
      </div>
      {mayEnd && (
        <div className="flex flex-wrap items-center justify-between gap-2 px-4 py-3">
          <p className="max-w-prose text-muted text-xs">{t("organization.endHelp")}</p>
          <Button onClick={() => void askToEnd()}>{t("organization.end")}</Button>
        </div>
      )}
    </Panel>
  );
}
