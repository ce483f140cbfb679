// `$input` and `$('Step')`: items of this step and of earlier ones. The expression sees plain copies of the
// item's outside ({ json, files }); the data inside is the input itself, read but never copied.

import { toInteger } from "../convert.ts";
import { charge, fail, type Run, reserveList } from "../run.ts";
import type { Item, NodeView } from "../scope.ts";
import {
  type MethodTable,
  method,
  methodTable,
  Opaque,
  setOwn,
  type Value,
  type ValueObject,
} from "../values.ts";

export function itemData(item: Item | undefined): Value {
  return item === undefined ? undefined : (item.json as Value);
}

function showItem(item: Item): Value {
  const shown: ValueObject = { json: item.json as Value };
  if (item.files) shown.files = showFiles(item.files);
  return shown;
}

/** Files are described, not read: only simple facts about each are visible. */
function showFiles(files: Record<string, unknown>): Value {
  const shown: ValueObject = {};
  for (const [name, file] of Object.entries(files)) {
    if (typeof file !== "object" || file === null) continue;
    const facts: ValueObject = {};
    for (const [key, fact] of Object.entries(file)) {
      if (typeof fact === "string" || typeof fact === "number" || typeof fact === "boolean")
        setOwn(facts, key, fact);
    }
    setOwn(shown, name, facts);
  }
  return shown;
}

export function shownItems(run: Run, items: readonly Item[]): Value[] {
  run.shown ??= new Map();
  const known = run.shown.get(items);
  if (known) return known;
  reserveList(run, items.length);
  const list = items.map(showItem);
  run.shown.set(items, list);
  return list;
}

function optionalItem(item: Item | undefined): Value {
  return item === undefined ? undefined : showItem(item);
}

/** Items with a current one among them. */
export abstract class ItemsValue extends Opaque {
  abstract items(run: Run): readonly Item[];
  abstract current(run: Run): Value;

  override methodTable(): MethodTable<never> {
    return itemsMethods;
  }
  override read(run: Run, key: string): Value {
    if (key === "item") return this.current(run);
    return undefined;
  }
}

export class InputValue extends ItemsValue {
  readonly kind = "input";
  items(run: Run): readonly Item[] {
    return run.scope.items;
  }
  current(run: Run): Value {
    return optionalItem(run.scope.items[run.scope.itemIndex]);
  }
}

class NodeValue extends ItemsValue {
  readonly kind = "step";
  readonly name: string;
  readonly view: NodeView;

  constructor(name: string, view: NodeView) {
    super();
    this.name = name;
    this.view = view;
  }
  items(): readonly Item[] {
    return this.view.items;
  }
  current(run: Run): Value {
    return this.paired(run, run.scope.itemIndex);
  }
  paired(run: Run, itemIndex: number): Value {
    charge(run, 1);
    const item = this.view.paired(itemIndex);
    if (item !== "ambiguous") return optionalItem(item);
    throw fail(
      run,
      "AMBIGUOUS_ITEM",
      `More than one item of "${this.name}" belongs to this item.`,
      `Choose one: $('${this.name}').first(), .last() or .all()[0].`,
    );
  }
}

export const itemsMethods = methodTable<ItemsValue>({
  all: method("all()", "All items.", (run, self) => shownItems(run, self.items(run))),
  first: method("first()", "The first item.", (run, self) => optionalItem(self.items(run)[0])),
  last: method("last()", "The last item.", (run, self) => optionalItem(self.items(run).at(-1))),
  itemMatching: method(
    "itemMatching(index)",
    "The item which the item at this position descends from.",
    (run, self, [index]) => {
      const at = toInteger(run, index, run.scope.itemIndex);
      return self instanceof NodeValue ? self.paired(run, at) : optionalItem(self.items(run)[at]);
    },
  ),
});

export function nodeValue(run: Run, name: string): Value {
  run.views ??= new Map();
  const view = run.views.get(name) ?? run.scope.node(name);
  if (view === undefined) {
    throw fail(
      run,
      "UNKNOWN_NODE",
      `There is no data from a step named "${name}".`,
      "Check the name, and that the step runs before this one.",
    );
  }
  run.views.set(name, view);
  return new NodeValue(name, view);
}
