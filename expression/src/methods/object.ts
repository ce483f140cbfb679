import { method, methodTable, type ValueObject } from "../values.ts";
export const objectMethods = methodTable<ValueObject>({ toString: method("toString()", "As text.", (_run, self) => String(typeof self === "object" ? "[object Object]" : self)) });
