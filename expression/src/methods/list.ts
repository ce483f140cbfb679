import { joinTexts, toText } from "../convert.ts";
import { callableOr, invoke } from "../functions.ts";
import { madeList, reserveList } from "../run.ts";
import { method, methodTable, type Value } from "../values.ts";
export const listMethods = methodTable<Value[]>({
  map: method("map(item => …)", "The result of the function for each item.", (run, self, [f]) => {
    const fn = callableOr(run, f, "map()");
    const n = self.length;
    reserveList(run, n);
    const out: Value[] = [];
    for (let i = 0; i < n; i++) out.push(invoke(run, fn, self[i], i, self));
    return madeList(run, out);
  }),
  filter: method("filter(item => …)", "Only the items for which the function is true.", (run, self, [f]) => {
    const fn = callableOr(run, f, "filter()");
    const n = self.length;
    reserveList(run, n);
    const out: Value[] = [];
    for (let i = 0; i < n; i++) { const item = self[i]; if (invoke(run, fn, item, i, self)) out.push(item); }
    return madeList(run, out);
  }),
  join: method("join(separator)", "The items as one text.", (run, self, [s]) => joinTexts(run, self, s === undefined ? "," : toText(run, s))),
});
