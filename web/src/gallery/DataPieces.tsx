// What shows data: a long list, trees, code, times and numbers.
import { useTranslation } from "react-i18next";
import { useFormat } from "../i18n/useFormat.ts";
import { CodeBlock } from "../ui/CodeBlock.tsx";
import { type Column, DataTable } from "../ui/DataTable.tsx";
import { Duration } from "../ui/Duration.tsx";
import { JsonTree } from "../ui/JsonTree.tsx";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import { Status, type StatusName, statuses } from "../ui/Status.tsx";
import { Piece, Pieces } from "./Piece.tsx";

type Row = { id: number; status: StatusName };

const names = Object.keys(statuses) as StatusName[];
const rows: Row[] = Array.from({ length: 100_000 }, (_, id) => ({
  id,
  status: names[id % names.length] ?? "running",
}));
const startedAtMs = Date.now() - 312_000;
const value = {
  order: 10_482,
  paid: true,
  customer: { name: "Ada", address: null },
  lines: [
    { sku: "AB-1040", quantity: 3 },
    { sku: "AB-2210", quantity: 10 },
  ],
  note: "x".repeat(400),
};

export function DataPieces() {
  const { t } = useTranslation("gallery");
  const format = useFormat();
  const columns: Column<Row>[] = [
    { id: "id", header: t("label"), width: "minmax(0, 1fr)", cell: ({ id }) => format.number(id) },
    { id: "status", header: t("states"), width: "10rem", cell: ({ status }) => <Status status={status} /> },
    {
      id: "time",
      header: t("time"),
      width: "8rem",
      from: "tablet",
      align: "end",
      cell: ({ id }) => format.duration(id * 17),
    },
  ];
  return (
    <Pieces title={t("data")}>
      <Piece name="DataTable">
        <DataTable
          label={t("data")}
          columns={columns}
          rows={rows}
          rowKey={({ id }) => String(id)}
          className="h-64 w-full"
        />
      </Piece>
      <Piece name="JsonTree">
        <JsonTree value={value} />
      </Piece>
      <Piece name="CodeBlock">
        <div className="w-full max-w-xl">
          <CodeBlock label={t("sample")} text={JSON.stringify(value.customer, null, 2)} />
        </div>
      </Piece>
      <Piece name="RelativeTime">
        <RelativeTime at={startedAtMs} />
        <RelativeTime at={startedAtMs - 90_000_000} />
        <RelativeTime at={startedAtMs + 9_000_000} />
      </Piece>
      <Piece name="Duration">
        {[12, 1_400, 41_000, 211_000, 7_500_000, 180_000_000].map((ms) => (
          <Duration key={ms} ms={ms} />
        ))}
        <Duration since={new Date(startedAtMs).toISOString()} />
      </Piece>
      <Piece name="useFormat">
        <span>{format.number(1_234_567.89)}</span>
        <span>{format.percent(0.993)}</span>
        <span>{format.compact(41_200)}</span>
        <span>{format.bytes(1_520_000)}</span>
      </Piece>
    </Pieces>
  );
}
