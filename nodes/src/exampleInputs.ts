// Data that suits the example of each pure node type, by input: what tests run the examples with, and what the bench
// counts their cost on.
import type { Json } from "@auraos/kernel";

export const exampleInputs: Readonly<Record<string, Readonly<Record<string, Json[]>>>> = {
  set: { main: [{ price: 2.5, quantity: 4, internal: 1 }] },
  rename: { main: [{ "cust.nm": "Ada", cust: { nm: "Bob" }, amt: 5 }] },
  filter: {
    main: [
      { status: "open", amount: 150 },
      { status: "open", amount: 1 },
    ],
  },
  sort: { main: [{ amount: 1 }, { amount: 9 }] },
  limit: { main: Array.from({ length: 12 }, (_, n) => ({ n })) },
  dedupe: { main: [{ email: "a@x.org" }, { email: "a@x.org" }] },
  split: { main: [{ order: 1, lines: [{ sku: "a" }, { sku: "b" }] }] },
  aggregate: {
    main: [
      { country: "DE", amount: 0.1 },
      { country: "DE", amount: 0.2 },
    ],
  },
  group: {
    main: [
      { customer: { id: 1 }, n: 1 },
      { customer: { id: 1 }, n: 2 },
    ],
  },
  batch: { main: Array.from({ length: 3 }, (_, n) => ({ n })) },
  template: { main: [{ number: 7, total: 12 }] },
  text: { main: [{ title: "  Crème Brûlée! " }] },
  number: { main: [{ price: "1.000,00" }] },
  date: { main: [{ invoiceDate: "2026-01-31T10:00:00Z" }] },
  merge: { main: [{ customerId: 1 }, { customerId: 2 }], second: [{ id: 1, name: "Ada" }] },
  lookup: { main: [{ customerId: 1 }], table: [{ id: 1, name: "Ada", address: { city: "Paris" } }] },
  compare: {
    main: [
      { id: 1, a: 1 },
      { id: 2, a: 1 },
    ],
    second: [
      { id: 1, a: 2 },
      { id: 2, a: 1 },
    ],
  },
  csv: { main: [{ text: "a,b\n1,x\n" }] },
  json: { main: [{ payload: '{"a":[1]}' }] },
  xml: { main: [{ body: "<orders><order><line>1</line></order></orders>" }] },
  yaml: { main: [{ text: "a: 1\n" }] },
  html: { main: [{ body: '<article class="product"><h2>Cup</h2><a href="/cup">More</a></article>' }] },
  markdown: { main: [{ answer: "# Hello\n" }] },
  hash: { main: [{ email: "A@X.org" }] },
  encode: { main: [{ token: "hello" }] },
  uuid: { main: [{ a: 1 }] },
  noop: { main: [{ a: 1 }] },
  if: { main: [{ amount: 101 }] },
  switch: { main: [{ country: "AT" }] },
  validate: { main: [{ email: "a@x.org", amount: 1 }] },
  rules: { main: [{ total: 1500, customer: { kind: "business" } }] },
};
