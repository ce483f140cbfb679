// Statuses, and the four states of a page: loading, empty, error, full.
import { Inbox } from "lucide-react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../api/apiError.ts";
import { Badge } from "../ui/Badge.tsx";
import { Button } from "../ui/Button.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { ErrorState } from "../ui/ErrorState.tsx";
import { GoneState } from "../ui/GoneState.tsx";
import { Name } from "../ui/Name.tsx";
import { NothingFound } from "../ui/NothingFound.tsx";
import { Shown } from "../ui/Shown.tsx";
import { SkeletonRows } from "../ui/Skeleton.tsx";
import { SparkBars } from "../ui/SparkBars.tsx";
import { Status, StatusIcon, type StatusName, statuses } from "../ui/Status.tsx";
import { Piece, Pieces } from "./Piece.tsx";

const names = Object.keys(statuses) as StatusName[];
const bars = [3, 5, 2, 8, 4, 9, 3, 6, 2, 7].map((value, index) => ({
  key: String(index),
  value,
  tone: index === 5 ? ("fail" as const) : index === 9 ? ("run" as const) : ("ok" as const),
}));
const refusal = new ApiError({
  status: 422,
  code: "WORKFLOW_INVALID",
  detail: "The definition has 1 problem.",
  remedy: "Correct what is listed.",
  requestId: "0195f3c2-0000-7000-8000-000000000001",
  problems: [
    { code: "NODE_TYPE_UNKNOWN", message: "There is no node type nope.", remedy: "", path: "/nodes/1" },
  ],
});

/** Would be read from right to left. */
const turned = "Ann\u202Enimda";

/** Asked for under an old address. */
const deleted = {
  data: undefined,
  error: new ApiError({ status: 404, code: "NOT_FOUND" }),
  refetch: () => {},
  isFetching: false,
};

export function StatePieces() {
  const { t } = useTranslation("gallery");
  return (
    <Pieces title={t("states")}>
      <Piece name="Status">
        {names.map((name) => (
          <Status key={name} status={name} />
        ))}
      </Piece>
      <Piece name="StatusIcon">
        {names.map((name) => (
          <StatusIcon key={name} status={name} />
        ))}
      </Piece>
      <Piece name="Badge, SparkBars">
        <Badge>{t("sample")}</Badge>
        <Badge tone="accent">{t("sample")}</Badge>
        <SparkBars label={t("sample")} bars={bars} />
      </Piece>
      <Piece name="SkeletonRows">
        <div className="w-full">
          <SkeletonRows rows={2} label={t("ui:loading")} />
        </div>
      </Piece>
      <Piece name="EmptyState">
        <EmptyState icon={Inbox} title={t("sample")} actions={<Button tone="primary">{t("action")}</Button>}>
          {t("text")}
        </EmptyState>
      </Piece>
      <Piece name="NothingFound">
        <NothingFound search={t("sample")} onClear={() => {}} />
      </Piece>
      <Piece name="Name">
        <Name of={t("sample")} />
        <Name of={turned} />
      </Piece>
      <Piece name="GoneState, Shown">
        <GoneState name={t("sample")} onBack={() => {}} />
        <Shown asked={deleted} loading={null} nameOf={() => ""} onBack={() => {}}>
          {() => null}
        </Shown>
      </Piece>
      <Piece name="ErrorState">
        <ErrorState error={refusal} onRetry={() => {}} />
        <ErrorState error={new ApiError({ status: 0, code: "UNREACHABLE" })} onRetry={() => {}} busy />
        <ErrorState error={new TypeError("x is not a function")} />
      </Piece>
    </Pieces>
  );
}
