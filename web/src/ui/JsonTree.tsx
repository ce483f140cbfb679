// Data as a tree: folded below the first levels, long lists in portions, long texts cut with a way to see all of them.
import { ChevronRight } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../i18n/useFormat.ts";

type JsonTreeProps = { value: unknown; name?: string; openDepth?: number };

const PORTION = 100;
const TEXT_MAX = 300;

export function JsonTree({ value, name, openDepth = 2 }: JsonTreeProps) {
  return (
    <div dir="ltr" className="overflow-x-auto font-mono text-xs leading-6">
      <Branch name={name} value={value} depth={0} openDepth={openDepth} />
    </div>
  );
}

type BranchProps = { name: string | undefined; value: unknown; depth: number; openDepth: number };

function Branch({ name, value, depth, openDepth }: BranchProps) {
  const { t } = useTranslation("ui");
  const format = useFormat();
  const [isOpen, setIsOpen] = useState(depth < openDepth);
  const [shown, setShown] = useState(PORTION);
  if (typeof value !== "object" || value === null) return <Line name={name}>{<Leaf value={value} />}</Line>;
  const entries = Object.entries(value);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  if (entries.length === 0) return <Line name={name}>{`${open}${close}`}</Line>;
  return (
    <div>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
        className="flex items-center rounded-sm pe-1 text-start hover:bg-hover"
      >
        <ChevronRight aria-hidden className={`me-1 size-3 text-faint ${isOpen ? "rotate-90" : ""}`} />
        <Name name={name} />
        <span className="text-faint">
          {isOpen ? open : `${open} ${format.number(entries.length)} ${close}`}
        </span>
      </button>
      {isOpen && (
        <div className="ms-1.5 border-line border-s ps-3">
          {entries.slice(0, shown).map(([key, child]) => (
            <Branch key={key} name={key} value={child} depth={depth + 1} openDepth={openDepth} />
          ))}
          {entries.length > shown && (
            <More onMore={() => setShown(shown + PORTION)}>
              {t("moreEntries", { count: entries.length - shown })}
            </More>
          )}
        </div>
      )}
      {isOpen && <div className="ps-4 text-faint">{close}</div>}
    </div>
  );
}

function Line({ name, children }: { name: string | undefined; children: ReactNode }) {
  return (
    <div className="ps-4">
      <Name name={name} />
      {children}
    </div>
  );
}

function Name({ name }: { name: string | undefined }) {
  if (name === undefined) return null;
  return (
    <>
      <span className="text-muted">{name}</span>
      <span className="me-1.5 text-faint">:</span>
    </>
  );
}

const leafColours: Record<string, string> = {
  string: "text-ok",
  number: "text-run",
  boolean: "text-wait",
  object: "text-faint",
};

function Leaf({ value }: { value: unknown }) {
  const { t } = useTranslation("ui");
  const [isWhole, setIsWhole] = useState(false);
  const text = JSON.stringify(value) ?? String(value);
  const isCut = text.length > TEXT_MAX && !isWhole;
  return (
    <>
      <span className={`whitespace-pre-wrap ${leafColours[typeof value] ?? ""}`}>
        {isCut ? `${text.slice(0, TEXT_MAX)}…` : text}
      </span>
      {isCut && (
        <More onMore={() => setIsWhole(true)}>{t("moreCharacters", { count: text.length - TEXT_MAX })}</More>
      )}
    </>
  );
}

function More({ onMore, children }: { onMore(): void; children: ReactNode }) {
  return (
    <button
      type="button"
      onClick={onMore}
      className="mx-1 rounded-sm px-1 text-accent-text hover:bg-accent-soft"
    >
      {children}
    </button>
  );
}
