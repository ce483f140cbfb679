// Computes expected.json without the engine: node derive.mjs > expected.json
import { readFileSync } from "node:fs";

const { loans, rates } = JSON.parse(readFileSync(new URL("input.json", import.meta.url), "utf8"));
const plans = [];
for (const loan of loans) {
  if (loan.cents === 0) continue;
  for (const percent of rates) {
    let [balance, months, paid] = [loan.cents, 0, 0];
    while (balance > 0 && months < 24) {
      const owed = balance + Math.round((balance * percent) / 1200);
      const payment = Math.min(loan.monthlyCents, owed);
      balance = owed - payment;
      months += 1;
      paid += payment;
    }
    plans.push({ percent, balance, months, paid, loan: loan.name, isRepaid: balance === 0 });
  }
}
console.log(JSON.stringify({ plans }, null, 2));
