// Exact sums of decimal numbers. A number counts as the decimal it is written as, so 0.1 + 0.2 is 0.3 and a
// column of prices adds up to the cent. The result is a number again: the one closest to the exact value.
export type Decimal = { digits: bigint; scale: number };

export function exactSum(values: readonly number[]): Decimal {
  let whole = 0;
  let index = 0;
  // Whole numbers add exactly as they are, as long as the sum stays safe.
  for (; index < values.length; index++) {
    const value = values[index] as number;
    if (!Number.isSafeInteger(value) || !Number.isSafeInteger(whole + value)) break;
    whole += value;
  }
  let sum: Decimal = { digits: BigInt(whole), scale: 0 };
  for (; index < values.length; index++) sum = add(sum, toDecimal(values[index] as number));
  return sum;
}

/** Twenty places more than the sum has; enough to give the closest number. */
export function divide(sum: Decimal, count: number): Decimal {
  return { digits: (sum.digits * 10n ** 20n) / BigInt(count), scale: sum.scale + 20 };
}

/** Half goes away from zero, as on an invoice. */
export function round(value: Decimal, decimals: number): Decimal {
  if (value.scale <= decimals) return value;
  const unit = 10n ** BigInt(value.scale - decimals);
  const half = value.digits < 0n ? -unit / 2n : unit / 2n;
  return { digits: (value.digits + half) / unit, scale: decimals };
}

export function toNumber(value: Decimal): number {
  return Number(`${value.digits}e${-value.scale}`);
}

export function toDecimal(value: number): Decimal {
  const [mantissa = "0", exponent = "0"] = String(value).split("e");
  const [whole = "0", fraction = ""] = mantissa.split(".");
  const scale = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction);
  return scale >= 0 ? { digits, scale } : { digits: digits * 10n ** BigInt(-scale), scale: 0 };
}

export function add(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return {
    digits: a.digits * 10n ** BigInt(scale - a.scale) + b.digits * 10n ** BigInt(scale - b.scale),
    scale,
  };
}
