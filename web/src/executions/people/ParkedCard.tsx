// A step that stopped until a person decides: try again, go on without it, give its output by hand, or let it fail.
import { OctagonAlert } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { toast } from "../../ui/toasts.ts";
import { useTellFailure } from "../../ui/useTellFailure.ts";
import { FailureText } from "../detail/FailureText.tsx";
import { type Decision, type Parked, useDecideParked } from "../queries.ts";
import { Card } from "./Card.tsx";
import { OutputDialog } from "./OutputDialog.tsx";

type ParkedCardProps = { id: string; parked: Parked; name: string };

export function ParkedCard({ id, parked, name }: ParkedCardProps) {
  const { t } = useTranslation("executions");
  const [isGiving, setIsGiving] = useState(false);
  const decide = useDecideParked();
  const tellFailure = useTellFailure();
  const { run, item, attempt } = parked;
  const send = (decision: Pick<Decision, "action" | "output">) =>
    decide.mutate(
      { id, run, attempt, ...(item === undefined ? {} : { item }), ...decision },
      { onSuccess: () => toast.success(t(`parked.done.${decision.action}`)), onError: tellFailure },
    );
  return (
    <Card
      icon={OctagonAlert}
      title={t("parked.title", { name })}
      facts={
        <>
          {item !== undefined && <span>{t("failure.item", { number: item + 1 })}</span>}
          <span>
            {t("people.since")} <RelativeTime at={parked.at} />
          </span>
        </>
      }
    >
      <div>
        <FailureText failure={parked.failure} />
      </div>
      <div className="flex flex-wrap gap-2">
        <Button tone="primary" busy={decide.isPending} onClick={() => send({ action: "retry" })}>
          {t("parked.retry")}
        </Button>
        <Button disabled={decide.isPending} onClick={() => setIsGiving(true)}>
          {t("parked.output")}
        </Button>
        <Button disabled={decide.isPending} onClick={() => send({ action: "skip" })}>
          {t("parked.skip")}
        </Button>
        <Button disabled={decide.isPending} onClick={() => send({ action: "fail" })}>
          {t("parked.fail")}
        </Button>
      </div>
      {isGiving && (
        <OutputDialog
          name={name}
          onClose={() => setIsGiving(false)}
          onGive={(output) => {
            setIsGiving(false);
            send({ action: "output", output });
          }}
        />
      )}
    </Card>
  );
}
