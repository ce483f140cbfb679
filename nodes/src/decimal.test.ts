import assert from "node:assert/strict";
import { it } from "node:test";
import { divide, exactSum, round, toDecimal, toNumber } from "./decimal.ts";

const sum = (...values: number[]) => toNumber(exactSum(values));

it("adds decimals exactly", () => {
  assert.equal(sum(0.1, 0.2), 0.3);
  assert.equal(sum(...Array.from({ length: 1000 }, () => 0.01)), 10);
  assert.equal(sum(19.99, -19.99), 0);
  assert.equal(sum(1e21, 0.5, -1e21), 0.5);
  assert.equal(sum(5e-324, 1e-7, -5e-324), 1e-7);
  assert.equal(sum(Number.MAX_SAFE_INTEGER, 1, -1), Number.MAX_SAFE_INTEGER);
  assert.equal(sum(), 0);
});

it("gives every number back as it was", () => {
  let state = 12345;
  for (let round = 0; round < 2000; round++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    const value = (state / 2 ** 31 - 1) * 10 ** ((state % 40) - 20);
    assert.equal(toNumber(toDecimal(value)), value);
  }
});

it("rounds half away from zero", () => {
  const rounded = (value: number, decimals: number) => toNumber(round(toDecimal(value), decimals));
  assert.deepEqual(
    [rounded(1.005, 2), rounded(-1.005, 2), rounded(2.5, 0), rounded(1.004, 2)],
    [1.01, -1.01, 3, 1],
  );
});

it("divides to the closest number", () => {
  assert.equal(toNumber(divide(exactSum([0.1, 0.2]), 2)), 0.15);
  assert.equal(toNumber(divide(exactSum([1]), 3)), 1 / 3);
});
