// A comparison to read: what came, what went, what is different now.

import type { Json } from "@auraos/kernel";
import { CircleMinus, CirclePlus, PencilLine } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useCatalogue } from "../state/BuilderContext.tsx";
import { type Comparison, type FieldChange, isEqual, type NodeChange } from "./compareGraphs.ts";

const looks = {
  added: { icon: CirclePlus, colour: "text-ok" },
  removed: { icon: CircleMinus, colour: "text-fail" },
  changed: { icon: PencilLine, colour: "text-wait" },
};

export function ComparisonView({ comparison }: { comparison: Comparison }) {
  const { t } = useTranslation("builder");
  const { nodes, wiresAdded, wiresRemoved, settings } = comparison;
  if (isEqual(comparison)) return <p className="text-muted text-sm">{t("diff.equal")}</p>;
  return (
    <ul className="grid gap-2">
      {settings.length > 0 && (
        <li className="rounded-md border border-line p-2.5">
          <span className="font-medium text-sm">{t("diff.settings")}</span>
          <Fields fields={settings} />
        </li>
      )}
      {nodes.map((node) => (
        <Node key={`${node.kind}${node.id}`} node={node} />
      ))}
      {[
        ...wiresAdded.map((text) => ["added", text] as const),
        ...wiresRemoved.map((text) => ["removed", text] as const),
      ].map(([kind, text]) => {
        const { icon: Icon, colour } = looks[kind];
        return (
          <li key={kind + text} className="flex items-center gap-2 px-2.5 text-sm">
            <Icon role="img" aria-label={t(`diff.${kind}`)} className={`size-4 shrink-0 ${colour}`} />
            {t("diff.wire", { text })}
          </li>
        );
      })}
    </ul>
  );
}

function Node({ node }: { node: NodeChange }) {
  const { t } = useTranslation("builder");
  const catalogue = useCatalogue();
  const { icon: Icon, colour } = looks[node.kind];
  return (
    <li className="rounded-md border border-line p-2.5">
      <span className="flex items-center gap-2">
        <Icon role="img" aria-label={t(`diff.${node.kind}`)} className={`size-4 shrink-0 ${colour}`} />
        <bdi className="font-medium text-sm">{node.name}</bdi>
        <span className="text-muted text-xs">{catalogue.find(node.type)?.name ?? node.type}</span>
      </span>
      <Fields fields={node.fields} />
    </li>
  );
}

function Fields({ fields }: { fields: readonly FieldChange[] }) {
  if (fields.length === 0) return null;
  return (
    <dl className="mt-1.5 grid gap-1 ps-6">
      {fields.map(({ field, before, after }) => (
        <div key={field} className="grid gap-x-2 text-xs sm:grid-cols-[8rem_1fr]">
          <dt className="text-muted">
            <bdi>{field}</bdi>
          </dt>
          <dd className="wrap-anywhere min-w-0 font-mono">
            {before !== undefined && (
              <del dir="auto" className="block whitespace-pre-wrap text-fail rtl:text-right">
                {textOf(before)}
              </del>
            )}
            {after !== undefined && (
              <ins dir="auto" className="block whitespace-pre-wrap text-ok no-underline rtl:text-right">
                {textOf(after)}
              </ins>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function textOf(value: Json): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}
