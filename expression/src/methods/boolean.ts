// Methods of true and false.
import { method, methodTable } from "../values.ts";

export const booleanMethods = methodTable<boolean>({
  toString: method("toString()", '"true" or "false".', (_run, self) => String(self)),
  valueOf: method("valueOf()", "The value itself.", (_run, self) => self),
  toInt: method("toInt()", "1 for true, 0 for false.", (_run, self) => (self ? 1 : 0)),
  toNumber: method("toNumber()", "1 for true, 0 for false.", (_run, self) => (self ? 1 : 0)),
  toBoolean: method("toBoolean()", "The value itself.", (_run, self) => self),
  isEmpty: method("isEmpty()", "Never: true and false are values.", () => false),
  isNotEmpty: method("isNotEmpty()", "Always: true and false are values.", () => true),
  toJsonString: method("toJsonString()", "The value as JSON text.", (_run, self) => String(self)),
});
