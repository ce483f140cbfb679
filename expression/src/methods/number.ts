import { method, methodTable } from "../values.ts";
export const numberMethods = methodTable<number>({ toString: method("toString()", "As text.", (_run, self) => String(typeof self === "object" ? "[object Object]" : self)) });
