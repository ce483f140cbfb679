// Math, with chance from the recorded seed. Every function here takes numbers and gives a number.
import { toNumber } from "../convert.ts";
import { extreme } from "../methods/listHelpers.ts";
import { randomOf } from "../random.ts";
import { charge, type Run } from "../run.ts";
import { type BuiltinParts, type Method, method, methodTable, type Value } from "../values.ts";

const ONE: { [name: string]: (value: number) => number } = {
  abs: Math.abs,
  acos: Math.acos,
  acosh: Math.acosh,
  asin: Math.asin,
  asinh: Math.asinh,
  atan: Math.atan,
  atanh: Math.atanh,
  cbrt: Math.cbrt,
  ceil: Math.ceil,
  clz32: Math.clz32,
  cos: Math.cos,
  cosh: Math.cosh,
  exp: Math.exp,
  expm1: Math.expm1,
  floor: Math.floor,
  fround: Math.fround,
  log: Math.log,
  log10: Math.log10,
  log1p: Math.log1p,
  log2: Math.log2,
  round: Math.round,
  sign: Math.sign,
  sin: Math.sin,
  sinh: Math.sinh,
  sqrt: Math.sqrt,
  tan: Math.tan,
  tanh: Math.tanh,
  trunc: Math.trunc,
};

export function numbersOf(run: Run, args: readonly Value[]): number[] {
  charge(run, args.length);
  return args.map((arg) => toNumber(run, arg));
}

function oneArgument(): { [name: string]: Method<Value> } {
  const methods: { [name: string]: Method<Value> } = {};
  for (const [name, compute] of Object.entries(ONE)) {
    methods[name] = method(`Math.${name}(number)`, `JavaScript's Math.${name}.`, (run, _self, [value]) =>
      compute(toNumber(run, value)),
    );
  }
  return methods;
}

const several = {
  max: method<Value>("Math.max(…numbers)", "The largest number.", (run, _self, args) =>
    extreme(numbersOf(run, args), 1),
  ),
  min: method<Value>("Math.min(…numbers)", "The smallest number.", (run, _self, args) =>
    extreme(numbersOf(run, args), -1),
  ),
  pow: method<Value>(
    "Math.pow(base, exponent)",
    "The power.",
    (run, _self, [base, power]) => toNumber(run, base) ** toNumber(run, power),
  ),
  atan2: method<Value>("Math.atan2(y, x)", "The angle of a point.", (run, _self, [y, x]) =>
    Math.atan2(toNumber(run, y), toNumber(run, x)),
  ),
  hypot: method<Value>("Math.hypot(…numbers)", "The length of a vector.", (run, _self, args) => {
    let sum = 0;
    for (const value of numbersOf(run, args)) sum = Math.hypot(sum, value);
    return sum;
  }),
  imul: method<Value>("Math.imul(a, b)", "The product in 32 bits.", (run, _self, [a, b]) =>
    Math.imul(toNumber(run, a), toNumber(run, b)),
  ),
  random: method<Value>("Math.random()", "A number from 0 up to 1; the same when evaluated again.", (run) =>
    randomOf(run),
  ),
};

export const mathParts: BuiltinParts = {
  signature: "Math",
  doc: "Arithmetic: Math.round(2.5), Math.max(1, 2).",
  methods: methodTable<Value>(oneArgument(), several),
  constants: {
    PI: Math.PI,
    E: Math.E,
    LN2: Math.LN2,
    LN10: Math.LN10,
    LOG2E: Math.LOG2E,
    LOG10E: Math.LOG10E,
    SQRT2: Math.SQRT2,
    SQRT1_2: Math.SQRT1_2,
  },
};
