// The orders and products of a small shop, the same for everyone with the same seed.
import { chance } from "./state.ts";

export type Product = {
  sku: string;
  name: string;
  category: string;
  price: number;
  stock: number;
  weightKg: number;
};
export type Order = {
  id: string;
  placedAt: string;
  status: "new" | "paid" | "shipped" | "delivered" | "cancelled";
  customer: { name: string; email: string; city: string; country: string };
  lines: { sku: string; name: string; quantity: number; price: number }[];
  total: number;
  currency: "EUR";
  note: string | null;
};
export type Goods = { orders: Order[]; products: Product[] };

const things = [
  "Kettle",
  "Lamp",
  "Notebook",
  "Backpack",
  "Bottle",
  "Blanket",
  "Clock",
  "Basket",
  "Mirror",
  "Vase",
];
const looks = ["Oak", "Copper", "Linen", "Blue", "Tall", "Foldable", "Travel", "Classic"];
const categories = ["kitchen", "office", "outdoor", "home"];
const firstNames = [
  "Ada",
  "Björn",
  "Chloé",
  "Dmitri",
  "Eszter",
  "Fatima",
  "Grace",
  "Hiro",
  "Inés",
  "Jan",
  "Kofi",
  "Lea",
];
const lastNames = [
  "Okafor",
  "Lindqvist",
  "Moreau",
  "Petrov",
  "Nagy",
  "Haddad",
  "O'Neill",
  "Sato",
  "García",
  "Novák",
];
const cities = [
  ["Vienna", "AT"],
  ["Lyon", "FR"],
  ["Gothenburg", "SE"],
  ["Porto", "PT"],
  ["Kraków", "PL"],
  ["Hamburg", "DE"],
  ["Ghent", "BE"],
] as const;
const notes = [
  "Please ring twice.",
  'Gift, with a "happy birthday" card',
  "Leave at the door; beware of the dog, really",
];
const orderCount = 250;
const productCount = 80;
const firstOrderMs = Date.UTC(2026, 0, 5, 8);

export function makeGoods(seed: string): Goods {
  const products = Array.from({ length: productCount }, (_, index) => makeProduct(seed, index));
  const orders = Array.from({ length: orderCount }, (_, index) => makeOrder(seed, index, products));
  return { orders, products };
}

function makeProduct(seed: string, index: number): Product {
  const look = looks[index % looks.length] ?? "";
  const thing = things[Math.floor(index / looks.length) % things.length] ?? "";
  const draw = (what: string) => chance(seed, "product", index, what);
  return {
    sku: `SKU-${String(index + 1).padStart(4, "0")}`,
    name: `${look} ${thing}`,
    category: pick(categories, draw("category")),
    price: Math.round(300 + draw("price") * 12_000) / 100,
    stock: Math.floor(draw("stock") * 200),
    weightKg: Math.round(1 + draw("weight") * 80) / 10,
  };
}

function makeOrder(seed: string, index: number, products: Product[]): Order {
  const draw = (what: string) => chance(seed, "order", index, what);
  const first = pick(firstNames, draw("first"));
  const last = pick(lastNames, draw("last"));
  const [city, country] = pick(cities, draw("city"));
  const lines = Array.from({ length: 1 + Math.floor(draw("lines") * 4) }, (_, line) => {
    const product = pick(products, draw(`product ${line}`));
    const quantity = 1 + Math.floor(draw(`quantity ${line}`) * 3);
    return { sku: product.sku, name: product.name, quantity, price: product.price };
  });
  const total = lines.reduce((sum, line) => sum + line.quantity * line.price, 0);
  return {
    id: `ORD-${String(1001 + index)}`,
    placedAt: new Date(
      firstOrderMs + index * 47 * 60_000 + Math.floor(draw("minute") * 40) * 60_000,
    ).toISOString(),
    status: pick(
      ["new", "paid", "paid", "shipped", "delivered", "delivered", "cancelled"] as const,
      draw("status"),
    ),
    customer: { name: `${first} ${last}`, email: `customer${index + 1}@example.com`, city, country },
    lines,
    total: Math.round(total * 100) / 100,
    currency: "EUR",
    note: draw("note") < 0.2 ? pick(notes, draw("which note")) : null,
  };
}

function pick<T>(list: readonly T[], at: number): T {
  const chosen = list[Math.floor(at * list.length)];
  if (chosen === undefined) throw new Error("Nothing to pick from.");
  return chosen;
}
