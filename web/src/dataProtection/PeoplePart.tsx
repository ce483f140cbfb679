// One person: found by what she is known by, exported, erased. And the erasures there were; they name nobody.
import { Download, Plus, Search, UserX, X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import {
  downloadPerson,
  findPerson,
  type Identifier,
  type SubjectReport,
  useProtectionAct,
} from "../api/dataProtection.ts";
import { useProof } from "../security/useProof.tsx";
import { Button } from "../ui/Button.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { Input } from "../ui/Input.tsx";
import { Select } from "../ui/Select.tsx";
import { EraseDialog } from "./EraseDialog.tsx";
import { ErasureList } from "./ErasureList.tsx";
import { FoundPlaces } from "./FoundPlaces.tsx";
import { Part } from "./Part.tsx";

const kinds = ["email", "phone", "id", "name", "text"] as const;
const IDENTIFIERS_MAX = 20;

export function PeoplePart({ mayErase }: { mayErase: boolean }) {
  return (
    <>
      {mayErase && <Person />}
      <ErasureList />
    </>
  );
}

function Person() {
  const { t } = useTranslation("dataProtection");
  const [identifiers, setIdentifiers] = useState<Identifier[]>([{ kind: "email", value: "" }]);
  const [report, setReport] = useState<SubjectReport | null>(null);
  const [isErasing, setIsErasing] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const find = useProtectionAct(findPerson);
  const [prove, proof] = useProof();
  const change = (index: number, changes: Partial<Identifier>) => {
    setReport(null);
    setIdentifiers(identifiers.map((one, at) => (at === index ? { ...one, ...changes } : one)));
  };
  const search = (event: FormEvent) => {
    event.preventDefault();
    void prove(async () => setReport(await find.mutateAsync(identifiers)));
  };
  const download = async () => {
    setIsBusy(true);
    await prove(() => downloadPerson(identifiers));
    setIsBusy(false);
  };
  return (
    <div>
      <Part title={t("people.title")} text={t("people.text")}>
        <form onSubmit={search} className="grid gap-3 p-4">
          {identifiers.map((one, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name but their place
            <div key={index} className="flex items-center gap-2">
              <Select
                aria-label={t("people.kind")}
                value={one.kind}
                onChange={(kind) => change(index, { kind: kind as Identifier["kind"] })}
                className="w-32 shrink-0 sm:w-40"
                options={kinds.map((value) => ({ value, label: t(`people.kinds.${value}`) }))}
              />
              <Input
                required
                minLength={4}
                maxLength={320}
                dir="auto"
                aria-label={t("people.value")}
                placeholder={t(`people.examples.${one.kind}`)}
                value={one.value}
                onChange={(event) => change(index, { value: event.target.value })}
                className="min-w-0 flex-1"
              />
              <IconButton
                size="small"
                icon={X}
                label={t("people.leaveOut")}
                disabled={identifiers.length === 1}
                onClick={() => {
                  setReport(null);
                  setIdentifiers(identifiers.filter((_, at) => at !== index));
                }}
              />
            </div>
          ))}
          <div className="flex flex-wrap items-center gap-2">
            <Button
              size="small"
              disabled={identifiers.length >= IDENTIFIERS_MAX}
              onClick={() => {
                setReport(null);
                setIdentifiers([...identifiers, { kind: "name", value: "" }]);
              }}
            >
              <Plus aria-hidden className="size-4" />
              {t("people.more")}
            </Button>
            <span className="flex-1" />
            <Button type="submit" tone="primary" busy={find.isPending}>
              <Search aria-hidden className="size-4" />
              {t("people.find")}
            </Button>
          </div>
        </form>
        {report && <FoundPlaces report={report} />}
        {report && report.found > 0 && (
          <div className="flex flex-wrap justify-end gap-2 p-4">
            <Button busy={isBusy} onClick={() => void download()}>
              <Download aria-hidden className="size-4" />
              {t("people.export")}
            </Button>
            <Button tone="danger" onClick={() => setIsErasing(true)}>
              <UserX aria-hidden className="size-4" />
              {t("people.erase")}
            </Button>
          </div>
        )}
      </Part>
      {isErasing && (
        <EraseDialog
          identifiers={identifiers}
          onClose={(isDone) => {
            setIsErasing(false);
            if (isDone) setReport(null);
          }}
        />
      )}
      {proof}
    </div>
  );
}
