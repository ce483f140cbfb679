// Which folder, tag and owner the list is about; each stands in the address. What nobody uses yet is not offered.
import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { type FilingFilter, useFilingOverview } from "../api/workflows.ts";
import { useFormat } from "../i18n/useFormat.ts";
import { Button } from "../ui/Button.tsx";
import { Select, type SelectOption } from "../ui/Select.tsx";
import { useView } from "../useView.ts";
import { folderLabel } from "./folderLabel.ts";

const names = ["folder", "tag", "owner"] as const;
const ALL = "/";
const NONE = "none";

export const noFilter = { folder: undefined, tag: undefined, owner: undefined };

export function filterOf(view: URLSearchParams): FilingFilter {
  return Object.fromEntries(names.flatMap((name) => (view.get(name) ? [[name, view.get(name)]] : [])));
}

export function FilingFilters() {
  const { t } = useTranslation("workflows");
  const format = useFormat();
  const [view, change] = useView();
  const { data } = useFilingOverview();
  if (!data) return null;
  const counted = (name: string, count: number) =>
    t("filing.counted", { name, number: format.number(count) });
  const offered = {
    folder: data.folders.map(({ path, total }) => ({
      value: path,
      label: counted(folderLabel(path), total),
    })),
    tag: data.tags.map(({ tag, count }) => ({ value: tag, label: counted(tag, count) })),
    owner: data.owners.map(({ id, name, count }) => ({ value: id, label: counted(name, count) })),
  };
  if (offered.owner.length > 0) offered.owner.push({ value: NONE, label: t("filing.noOwner") });
  const shown = names.filter((name) => offered[name].length > 0 || view.has(name));
  if (shown.length === 0) return null;
  const labels = {
    folder: [t("filing.byFolder"), t("filing.allFolders")],
    tag: [t("filing.byTag"), t("filing.allTags")],
    owner: [t("filing.byOwner"), t("filing.allOwners")],
  } as const;
  return (
    <div className="grid grid-cols-2 items-center gap-2 sm:flex sm:flex-wrap">
      {shown.map((name) => (
        <Select
          key={name}
          aria-label={labels[name][0]}
          value={view.get(name) ?? ALL}
          onChange={(value) => change({ [name]: value === ALL ? undefined : value })}
          options={[{ value: ALL, label: labels[name][1] }, ...withChosen(offered[name], view.get(name))]}
          className="w-full sm:w-52"
        />
      ))}
      {names.some((name) => view.has(name)) && (
        <Button tone="quiet" onClick={() => change(noFilter)} className="max-sm:justify-self-start">
          <X aria-hidden className="size-4" />
          {t("filing.clear")}
        </Button>
      )}
    </div>
  );
}

/** What the address names may have nothing in it any more. */
function withChosen(options: readonly SelectOption[], chosen: string | null): readonly SelectOption[] {
  if (chosen === null || options.some(({ value }) => value === chosen)) return options;
  return [{ value: chosen, label: folderLabel(chosen) }, ...options];
}
