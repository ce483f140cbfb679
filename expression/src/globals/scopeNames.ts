// Names whose value comes from the scope of the evaluation.

import type { Run } from "../run.ts";
import { makeDateTime } from "../time/dateTime.ts";
import { startOfDay } from "../time/units.ts";
import { zoneOr } from "../time/zone.ts";
import { isPlainObject, Opaque, type Value } from "../values.ts";
import { InputValue, itemData, shownItems } from "./nodeValue.ts";

export type ScopeName = {
  readonly signature: string;
  readonly doc: string;
  readonly usesItem: boolean;
  read(run: Run): Value;
};

const TABLE: { [name: string]: ScopeName } = {
  $json: {
    signature: "$json",
    doc: "Data of the current item.",
    usesItem: true,
    read: (run) => itemData(run.scope.items[run.scope.itemIndex]),
  },
  $itemIndex: {
    signature: "$itemIndex",
    doc: "Position of the current item, from 0.",
    usesItem: true,
    read: (run) => run.scope.itemIndex,
  },
  $runIndex: {
    signature: "$runIndex",
    doc: "How often the innermost loop has run before, from 0.",
    usesItem: false,
    read: (run) => run.scope.runIndex,
  },
  $items: {
    signature: "$items",
    doc: "All incoming items: a list of { json, files }.",
    usesItem: false,
    read: (run) => shownItems(run, run.scope.items),
  },
  $input: {
    signature: "$input",
    doc: "The incoming items: .item, .all(), .first(), .last().",
    // Only `.item` differs per item, and the compiler notes that where it is read.
    usesItem: false,
    read: () => INPUT,
  },
  $now: {
    signature: "$now",
    doc: "The moment of this step as a DateTime in the workflow's time zone.",
    usesItem: false,
    read: (run) => makeDateTime(run.scope.nowMs, zoneOr(run, run.scope.zone)),
  },
  $today: {
    signature: "$today",
    doc: "Midnight of the current day in the workflow's time zone.",
    usesItem: false,
    read: (run) => startOfDay(run, makeDateTime(run.scope.nowMs, zoneOr(run, run.scope.zone))),
  },
  $vars: {
    signature: "$vars",
    doc: "Variables of the workspace.",
    usesItem: false,
    read: (run) => plain(run.scope.vars),
  },
  $execution: {
    signature: "$execution",
    doc: "This run: id, mode and more.",
    usesItem: false,
    read: (run) => plain(run.scope.execution),
  },
  $workflow: {
    signature: "$workflow",
    doc: "This workflow: id, name and more.",
    usesItem: false,
    read: (run) => plain(run.scope.workflow),
  },
};

const INPUT = new InputValue();

export const scopeNames: { readonly [name: string]: ScopeName | undefined } = Object.freeze(
  Object.assign(Object.create(null), TABLE),
);

function plain(value: { [key: string]: Value }): Value {
  return typeof value === "object" && value !== null && !(value instanceof Opaque) && isPlainObject(value)
    ? value
    : {};
}
