// Security: incidents and what is done about them, what the watch noticed, and what could be safer.
import { Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Page } from "../shell/Page.tsx";
import { Button } from "../ui/Button.tsx";
import { SegmentedControl } from "../ui/SegmentedControl.tsx";
import { useView } from "../useView.ts";
import { FindingList } from "./FindingList.tsx";
import { IncidentList } from "./IncidentList.tsx";
import { IncidentSheet } from "./IncidentSheet.tsx";
import { OpenDialog } from "./OpenDialog.tsx";
import { SecurityCheck } from "./SecurityCheck.tsx";

const views = ["check", "findings", "incidents"] as const;

export function IncidentsPage() {
  const { t } = useTranslation("incidents");
  const [view, change] = useView();
  const mode = views.find((one) => one === view.get("view")) ?? "check";
  const opened = view.get("open");
  return (
    <Page
      title={t("title")}
      actions={
        <Button tone="primary" onClick={() => change({ new: "1" })}>
          <Plus aria-hidden className="size-4" />
          <span className="max-sm:sr-only">{t("new")}</span>
        </Button>
      }
    >
      <div className="flex">
        <SegmentedControl
          label={t("view")}
          value={mode}
          onChange={(value) => change({ view: value === "check" ? undefined : value })}
          segments={views.map((value) => ({ value, label: t(`views.${value}`) }))}
        />
      </div>
      {mode === "check" && <SecurityCheck />}
      {mode === "findings" && <FindingList />}
      {mode === "incidents" && <IncidentList />}
      {opened !== null && <IncidentSheet id={opened} onClose={() => change({ open: undefined })} />}
      {view.has("new") && (
        <OpenDialog
          onClose={(made) =>
            change({
              new: undefined,
              title: undefined,
              note: undefined,
              ...(made ? { view: "incidents", open: made } : {}),
            })
          }
        />
      )}
    </Page>
  );
}
