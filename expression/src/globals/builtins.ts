// The fixed names of the language, by name, in a null-prototype table.
import { Builtin } from "../values.ts";
import type { BuiltinParts } from "../values.ts";

const PARTS: { [name: string]: BuiltinParts } = {
  String: { signature: "String(value)", doc: "The value as text.", call: (run, _self, [v]) => toText(run, v) },
};
import { toText } from "../convert.ts";

export const builtins: { readonly [name: string]: Builtin | undefined } = Object.freeze(
  Object.assign(Object.create(null), Object.fromEntries(Object.entries(PARTS).map(([name, parts]) => [name, new Builtin(name, parts)]))),
);
