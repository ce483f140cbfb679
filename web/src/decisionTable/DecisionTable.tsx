// A decision table to write in: a row per rule, a column per condition and per result, and what is wrong with a rule
// right below it, with the example that shows it.
import { isObject, type Json, type JsonObject } from "@auraos/kernel";
import { ArrowUp, CircleAlert, CopyPlus, Plus, X } from "lucide-react";
import { Fragment, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../ui/Button.tsx";
import { classes } from "../ui/classes.ts";
import { IconButton } from "../ui/IconButton.tsx";
import { type ColumnType, cellText, readCell, readResult, resultText } from "./cellText.ts";

export type TableColumn = { name: string; type: ColumnType };
/** `rule` counts from 0. */
export type RuleProblem = { rule: number; message: string; remedy: string | undefined };

export type DecisionTableProps = {
  columns: readonly TableColumn[];
  rules: readonly JsonObject[];
  hits: string;
  problems: readonly RuleProblem[];
  onChange(rules: JsonObject[]): void;
  /** Rows to look at first: those of a problem that was chosen. */
  chosen?: number | undefined;
};

const cellLooks =
  "h-9 w-full min-w-24 bg-transparent px-2 text-sm pointer-coarse:h-11 pointer-coarse:text-lg " +
  "placeholder:text-faint focus-visible:outline-2 focus-visible:-outline-offset-2 focus-visible:outline-accent aria-invalid:text-fail";

export function DecisionTable({ columns, rules, hits, problems, onChange, chosen }: DecisionTableProps) {
  const { t } = useTranslation("decisionTable");
  const [added, setAdded] = useState<readonly string[]>([]);
  const results = [...new Set([...rules.flatMap(({ give }) => Object.keys(fieldsOf(give))), ...added])];
  const hasPriority = hits === "priority" || rules.some(({ priority }) => priority !== undefined);
  const set = (index: number, rule: JsonObject) => onChange(rules.with(index, rule) as JsonObject[]);
  const width = columns.length + results.length + (hasPriority ? 4 : 3);

  const renameResult = (name: string, next: string) => {
    if (next === "" || results.includes(next)) return;
    setAdded(added.map((one) => (one === name ? next : one)));
    onChange(rules.map((rule) => ({ ...rule, give: renamed(fieldsOf(rule.give), name, next) })));
  };
  const removeResult = (name: string) => {
    setAdded(added.filter((one) => one !== name));
    onChange(rules.map((rule) => ({ ...rule, give: without(fieldsOf(rule.give), name) })));
  };

  return (
    <div className="grid gap-2">
      <section
        aria-label={t("title")}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard
        tabIndex={0}
        className="@container relative overflow-x-auto rounded-md border border-line bg-panel"
      >
        <table className="w-full border-collapse text-sm">
          <thead className="bg-sunken text-2xs text-muted">
            <tr className="border-line border-b">
              <th scope="col" className="w-8 px-2 py-1.5 text-start font-medium">
                <span className="sr-only">{t("rule")}</span>#
              </th>
              {columns.map(({ name }) => (
                <th key={name} scope="col" className="px-2 py-1.5 text-start font-medium">
                  <span className="text-faint">{t("when")} </span>
                  <span dir="auto" className="text-text">
                    {name}
                  </span>
                </th>
              ))}
              {results.map((name) => (
                <th
                  key={name}
                  scope="col"
                  className="border-line border-s py-0.5 ps-2 text-start font-medium"
                >
                  <span className="flex items-center gap-0.5">
                    <span className="shrink-0 whitespace-nowrap text-faint">{t("then")}</span>
                    <Cell
                      label={t("resultName", { name })}
                      text={name}
                      className="h-7 min-w-16 px-1 font-medium text-2xs"
                      onWrite={(next) => renameResult(name, next.trim())}
                    />
                    <IconButton
                      icon={X}
                      size="small"
                      label={t("removeResult", { name })}
                      onClick={() => removeResult(name)}
                    />
                  </span>
                </th>
              ))}
              {hasPriority && (
                <th scope="col" className="border-line border-s px-2 py-1.5 text-start font-medium">
                  {t("priority")}
                </th>
              )}
              <th scope="col" className="border-line border-s px-2 py-1.5 text-start font-medium">
                {t("note")}
              </th>
              <th scope="col" className="w-0">
                <span className="sr-only">{t("rule")}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rules.map((rule, index) => {
              const number = index + 1;
              const when = fieldsOf(rule.when);
              const give = fieldsOf(rule.give);
              const wrong = problems.filter((one) => one.rule === index);
              return (
                // biome-ignore lint/suspicious/noArrayIndexKey: rules have no identity but their place
                <Fragment key={index}>
                  <tr
                    className={classes(
                      "group border-line border-b last:border-b-0",
                      chosen === index && "bg-accent-soft",
                      wrong.length > 0 && "border-b-0 bg-fail-soft/40",
                    )}
                  >
                    <th scope="row" className="px-2 text-start font-medium text-muted text-xs tabular-nums">
                      <span className="sr-only">{t("rule")} </span>
                      {number}
                    </th>
                    {columns.map(({ name, type }) => (
                      <td key={name} className="border-line/60 border-s p-0">
                        <Cell
                          label={t("condition", { column: name, number })}
                          text={cellText(when[name], type)}
                          placeholder={t("any")}
                          refuse={(text) => {
                            const read = readCell(text, type);
                            return "error" in read ? t("notUnderstood", { part: read.error }) : undefined;
                          }}
                          onWrite={(text) => {
                            const read = readCell(text, type);
                            if ("cell" in read)
                              set(index, { ...rule, when: withValue(when, name, read.cell) });
                          }}
                        />
                      </td>
                    ))}
                    {results.map((name) => (
                      <td key={name} className="border-line border-s p-0">
                        <Cell
                          label={t("result", { name, number })}
                          text={resultText(give[name])}
                          onWrite={(text) =>
                            set(index, { ...rule, give: withValue(give, name, readResult(text)) })
                          }
                        />
                      </td>
                    ))}
                    {hasPriority && (
                      <td className="border-line border-s p-0">
                        <Cell
                          label={t("priorityOf", { number })}
                          text={resultText(rule.priority)}
                          placeholder="0"
                          className="min-w-16"
                          onWrite={(text) => set(index, withValue(rule, "priority", readResult(text)))}
                        />
                      </td>
                    )}
                    <td className="border-line border-s p-0">
                      <Cell
                        label={t("noteOf", { number })}
                        text={typeof rule.note === "string" ? rule.note : ""}
                        className="min-w-40 text-muted"
                        onWrite={(text) =>
                          set(index, withValue(rule, "note", text.trim() === "" ? undefined : text.trim()))
                        }
                      />
                    </td>
                    <td className="whitespace-nowrap px-0.5">
                      <IconButton
                        icon={ArrowUp}
                        size="small"
                        disabled={index === 0}
                        label={t("moveUp", { number })}
                        onClick={() =>
                          onChange(
                            rules.with(index - 1, rule).with(index, rules[index - 1] ?? {}) as JsonObject[],
                          )
                        }
                      />
                      <IconButton
                        icon={CopyPlus}
                        size="small"
                        label={t("copy", { number })}
                        onClick={() => onChange(rules.toSpliced(number, 0, rule))}
                      />
                      <IconButton
                        icon={X}
                        size="small"
                        label={t("remove", { number })}
                        onClick={() => onChange(rules.toSpliced(index, 1))}
                      />
                    </td>
                  </tr>
                  {wrong.length > 0 && (
                    <tr className="border-line border-b bg-fail-soft/40 last:border-b-0">
                      <td colSpan={width} className="px-2 pb-1.5">
                        {wrong.map(({ message, remedy }) => (
                          <p
                            key={message}
                            className="sticky start-2 flex w-[calc(100cqw-1.5rem)] items-start gap-1 text-fail text-xs"
                          >
                            <CircleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
                            <span>
                              {message} <span className="text-muted">{remedy}</span>
                            </span>
                          </p>
                        ))}
                      </td>
                    </tr>
                  )}
                </Fragment>
              );
            })}
          </tbody>
        </table>
      </section>
      <div className="flex flex-wrap items-center gap-2">
        <Button size="small" onClick={() => onChange([...rules, { when: {}, give: {} }])}>
          <Plus aria-hidden className="size-3.5" />
          {t("addRule")}
        </Button>
        <NewResult taken={results} onAdd={(name) => setAdded([...added, name])} />
      </div>
    </div>
  );
}

type CellProps = {
  label: string;
  text: string;
  placeholder?: string;
  className?: string;
  /** Says why this cannot be written; it then stays in sight and changes nothing. */
  refuse?: (text: string) => string | undefined;
  onWrite(text: string): void;
};

/** Takes over when it is left or Enter is pressed, so that half a condition is never taken for a whole one. */
function Cell({ label, text, placeholder, className, refuse, onWrite }: CellProps) {
  const [typed, setTyped] = useState<string>();
  const refused = typed === undefined ? undefined : refuse?.(typed);
  const shown = typed ?? text;
  return (
    <>
      <span className="grid">
        {/* As wide as what is written, within reason. */}
        <span
          aria-hidden
          className="invisible col-start-1 row-start-1 h-0 max-w-72 overflow-clip whitespace-pre px-2 text-sm pointer-coarse:text-lg"
        >
          {shown}
        </span>
        <input
          type="text"
          dir="auto"
          autoComplete="off"
          spellCheck={false}
          aria-label={label}
          aria-invalid={refused !== undefined || undefined}
          title={refused ?? (shown.length > 30 ? shown : undefined)}
          placeholder={placeholder}
          value={shown}
          onChange={(event) => setTyped(event.target.value)}
          onBlur={() => {
            if (typed === undefined || refused !== undefined) return;
            if (typed !== text) onWrite(typed);
            setTyped(undefined);
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter") event.currentTarget.blur();
            if (event.key === "Escape" && typed !== undefined) {
              event.stopPropagation();
              setTyped(undefined);
            }
          }}
          className={classes("col-start-1 row-start-1", cellLooks, className)}
        />
      </span>
      {refused !== undefined && (
        <p role="alert" className="px-2 pb-1 text-2xs text-fail">
          {refused}
        </p>
      )}
    </>
  );
}

function NewResult({ taken, onAdd }: { taken: readonly string[]; onAdd(name: string): void }) {
  const { t } = useTranslation("decisionTable");
  const [name, setName] = useState<string>();
  if (name === undefined)
    return (
      <Button size="small" onClick={() => setName("")}>
        <Plus aria-hidden className="size-3.5" />
        {t("addResult")}
      </Button>
    );
  const finish = () => {
    const given = name.trim();
    if (given !== "" && !taken.includes(given)) onAdd(given);
    setName(undefined);
  };
  return (
    <input
      type="text"
      // biome-ignore lint/a11y/noAutofocus: it appears because it was asked for
      autoFocus
      dir="auto"
      aria-label={t("newResult")}
      placeholder={t("newResult")}
      value={name}
      onChange={(event) => setName(event.target.value)}
      onBlur={finish}
      onKeyDown={(event) => {
        if (event.key === "Enter") finish();
        if (event.key !== "Escape") return;
        event.stopPropagation();
        setName(undefined);
      }}
      className="h-7 min-w-0 rounded-md border border-control-line/60 bg-panel px-2 text-sm pointer-coarse:h-10"
    />
  );
}

function fieldsOf(value: Json | undefined): JsonObject {
  return isObject(value) ? (value as JsonObject) : {};
}

function withValue(fields: JsonObject, name: string, value: Json | undefined): JsonObject {
  return value === undefined ? without(fields, name) : { ...fields, [name]: value };
}

function without(fields: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([one]) => one !== name));
}

function renamed(fields: JsonObject, name: string, next: string): JsonObject {
  return Object.fromEntries(Object.entries(fields).map(([one, value]) => [one === name ? next : one, value]));
}
