// Computes expected.json without the engine, from what the practice service says it has: node derive.mjs ADDRESS
// It reads order by order instead of page by page, and adds in whole cents.
const base = process.argv[2];
const read = async (path) => (await fetch(base + path)).json();

const { total } = await read("/orders?limit=1");
const orders = [];
for (let number = 1001; orders.length < total; number++) orders.push(await read(`/orders/ORD-${number}`));
const sold = orders.filter((order) => order.status !== "cancelled");
const cents = (list) => list.reduce((sum, order) => sum + Math.round(order.total * 100), 0);

const countries = [...Map.groupBy(sold, (order) => order.customer.country)]
  .map(([country, list]) => ({
    country,
    orders: list.length,
    revenue: cents(list) / 100,
    largest: Math.max(...list.map((order) => order.total)),
  }))
  .sort((a, b) => b.revenue - a.revenue);

const { total: productCount } = await read("/products?limit=1");
let pieces = 0;
for (let number = 1; number <= productCount; number++) {
  pieces += (await read(`/products/SKU-${String(number).padStart(4, "0")}`)).stock;
}

const pages = Math.ceil(total / 20);
const expected = {
  pages,
  fetched: total + 20,
  different: new Set(orders.map((order) => order.id)).size,
  sold: { orders: sold.length, revenue: cents(sold) / 100, currencies: ["EUR"] },
  countries,
  stock: { products: productCount, pieces },
};
console.log(JSON.stringify(expected, null, 2));
