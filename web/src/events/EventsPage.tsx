// Events: what was told, who gets it, what listens outside, and what could not be delivered.
import { useTranslation } from "react-i18next";
import { Page } from "../shell/Page.tsx";
import { Tabs } from "../ui/Tabs.tsx";
import { useView } from "../useView.ts";
import { DeadList } from "./DeadList.tsx";
import { EventList } from "./EventList.tsx";
import { SubscriptionList } from "./SubscriptionList.tsx";
import { TriggerList } from "./TriggerList.tsx";

const parts = ["events", "subscriptions", "triggers", "dead"] as const;
const contents = {
  events: EventList,
  subscriptions: SubscriptionList,
  triggers: TriggerList,
  dead: DeadList,
};

export function EventsPage() {
  const { t } = useTranslation("events");
  const [view, change] = useView();
  const shown = parts.find((part) => part === view.get("view")) ?? "events";
  return (
    <Page title={t("title")} flush>
      <Tabs
        label={t("tabs.label")}
        value={shown}
        onChange={(value) => change({ view: value === "events" ? undefined : value })}
        className="flex-1 p-4 sm:p-6"
        contentClassName="flex flex-1 flex-col gap-4 data-[state=inactive]:hidden"
        tabs={parts.map((value) => {
          const Content = contents[value];
          return { value, label: t(`tabs.${value}`), content: <Content /> };
        })}
      />
    </Page>
  );
}
