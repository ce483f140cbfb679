// What this execution waits for a person to do: approvals, signals, calls, and steps that stopped for a decision.
import type { Execution } from "@auraos/contract";
import { useTranslation } from "react-i18next";
import { ParkedCard } from "./ParkedCard.tsx";
import { WaitCard } from "./WaitCard.tsx";

export function NeedsYou({ execution }: { execution: Execution }) {
  const { t } = useTranslation("executions");
  const { id, waits, parked, timeline } = execution;
  if (waits.length === 0 && parked.length === 0) return null;
  const nameOf = (run: string) => timeline.find((one) => one.run === run)?.name ?? run;
  return (
    <section aria-label={t("people.label")} className="grid gap-2">
      {parked.map((one) => (
        <ParkedCard key={`${one.run} ${one.item}`} id={id} parked={one} name={nameOf(one.run)} />
      ))}
      {waits.map((wait) => (
        <WaitCard key={wait.wait} id={id} wait={wait} name={nameOf(wait.run)} />
      ))}
    </section>
  );
}
