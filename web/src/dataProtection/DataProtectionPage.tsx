// Data protection: how long data is kept, what is held, which fields are hidden, where a person is found and erased, and
// the map of everything that is stored. The open part stands in the address.
import { useTranslation } from "react-i18next";
import { useMay } from "../api/account.ts";
import { paths } from "../paths.ts";
import { Page } from "../shell/Page.tsx";
import { Tabs } from "../ui/Tabs.tsx";
import { useView } from "../useView.ts";
import { HoldPart } from "./HoldPart.tsx";
import { MapPart } from "./MapPart.tsx";
import { PeoplePart } from "./PeoplePart.tsx";
import { RedactionPart } from "./RedactionPart.tsx";
import { RetentionPart } from "./RetentionPart.tsx";

const parts = ["retention", "holds", "fields", "people", "map"] as const;
type PartName = (typeof parts)[number];

export function DataProtectionPage() {
  const { t } = useTranslation("dataProtection");
  const [view, change] = useView();
  const mayErase = useMay("protection.erase");
  const shown = parts.find((part) => part === view.get("view")) ?? "retention";
  const content: Record<PartName, React.ReactNode> = {
    retention: <RetentionPart />,
    holds: <HoldPart />,
    fields: <RedactionPart />,
    people: <PeoplePart mayErase={mayErase} />,
    map: <MapPart />,
  };
  return (
    <Page title={t("title")} crumbs={[{ label: t("settings"), to: paths.settings() }]} flush>
      <Tabs
        label={t("title")}
        value={shown}
        onChange={(value) => change({ view: value === "retention" ? undefined : value })}
        className="flex-1 p-4 sm:p-6"
        contentClassName="data-[state=inactive]:hidden"
        tabs={parts.map((value) => ({
          value,
          label: t(`parts.${value}`),
          content: <div className="grid max-w-4xl gap-6 pt-2">{content[value]}</div>,
        }))}
      />
    </Page>
  );
}
