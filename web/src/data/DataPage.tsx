// Data: the tables that people look at and workflows write, and the variables that expressions read. What is open stands
// in the address.
import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Variable } from "../api/data.ts";
import { Page } from "../shell/Page.tsx";
import { Button } from "../ui/Button.tsx";
import { Tabs } from "../ui/Tabs.tsx";
import { useView } from "../useView.ts";
import { TableDialog } from "./TableDialog.tsx";
import { TableList } from "./TableList.tsx";
import { TablePage } from "./TablePage.tsx";
import { VariableDialog } from "./VariableDialog.tsx";
import { VariableList } from "./VariableList.tsx";

export function DataPage() {
  const { t } = useTranslation("data");
  const [view, change] = useView();
  const [isNew, setIsNew] = useState(false);
  const [edited, setEdited] = useState<Variable | null>(null);
  const opened = view.get("open");
  if (opened !== null) return <TablePage id={opened} />;
  const shown = view.get("view") === "variables" ? "variables" : "tables";
  const create = () => setIsNew(true);
  return (
    <Page
      title={t("title")}
      actions={
        <Button tone="primary" onClick={create}>
          <Plus aria-hidden className="size-4" />
          <span className="max-sm:sr-only">{t(`${shown}.new`)}</span>
        </Button>
      }
      flush
    >
      <Tabs
        label={t("tabs")}
        value={shown}
        onChange={(value) => change({ view: value === "tables" ? undefined : value, search: undefined })}
        className="flex-1 p-4 sm:p-6"
        contentClassName="flex flex-1 flex-col gap-4 data-[state=inactive]:hidden"
        tabs={[
          { value: "tables", label: t("tables.title"), content: <TableList onNew={create} /> },
          {
            value: "variables",
            label: t("variables.title"),
            content: <VariableList onNew={create} onEdit={setEdited} />,
          },
        ]}
      />
      {isNew && shown === "tables" && (
        <TableDialog
          table={null}
          onClose={(made) => {
            setIsNew(false);
            if (made !== undefined) change({ open: made });
          }}
        />
      )}
      {((isNew && shown === "variables") || edited) && (
        <VariableDialog
          variable={edited}
          onClose={() => {
            setIsNew(false);
            setEdited(null);
          }}
        />
      )}
    </Page>
  );
}
