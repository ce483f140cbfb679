// What the number node can do to a number, one step after another. Rounding is exact in decimal: 1.005 is 1.01.
import type { Json } from "@auraos/kernel";
import { type Decimal, toDecimal, toNumber } from "../decimal.ts";
import { show, wrongData, wrongParameter } from "../readConfig.ts";
import { z } from "../schema.ts";

const locale = z
  .string()
  .refine(isLocale, "must be a language such as en, de or pt-BR.")
  .default("en")
  .describe("Language whose habits count, such as en, de, fr-CH.");
const decimals = z.int().min(0).max(20);

export const roundModes = ["halfUp", "halfEven", "up", "down", "ceil", "floor"] as const;

export const numberStep = z.discriminatedUnion("operation", [
  z.strictObject({
    operation: z.literal("parse").describe("Text to a number, such as 1.234,56 € or 12%."),
    locale,
    whenInvalid: z
      .enum(["fail", "null"])
      .default("fail")
      .describe("Text that is no number: stop, or give null."),
  }),
  z.strictObject({
    operation: z.literal("round").describe("Round to decimals."),
    decimals: decimals.default(0).describe("How many decimals stay."),
    mode: z
      .enum(roundModes)
      .default("halfUp")
      .describe("halfUp: as on invoices; halfEven: as banks do; up and down: from and to zero; ceil, floor."),
  }),
  z.strictObject({
    operation: z.literal("roundTo").describe("Round to a multiple."),
    step: z.number().positive().describe("Of what, such as 0.05 or 15."),
    mode: z.enum(roundModes).default("halfUp").describe("Which way."),
  }),
  z.strictObject({
    operation: z.literal("clamp").describe("Keep within bounds."),
    min: z.number().optional().describe("Least value."),
    max: z.number().optional().describe("Greatest value."),
  }),
  z.strictObject({
    operation: z.literal("scale").describe("Multiply, then add; exact in decimal."),
    by: z.number().default(1).describe("Factor, such as 1.19."),
    plus: z.number().default(0).describe("What is added after that."),
  }),
  z.strictObject({ operation: z.literal("abs").describe("Without its sign.") }),
  z.strictObject({
    operation: z.literal("format").describe("Write as text for people."),
    style: z
      .enum(["decimal", "currency", "percent", "compact", "bytes", "unit", "ordinal"])
      .default("decimal")
      .describe(
        "percent writes 0.12 as 12%; compact writes 1200 as 1.2K; bytes as 1.2 kB; ordinal as 3rd (en).",
      ),
    locale,
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, "must be a currency code such as EUR.")
      .optional()
      .describe("Style currency: its code."),
    unit: z.string().optional().describe("Style unit: such as kilometer-per-hour or celsius."),
    minDecimals: decimals.optional().describe("At least this many decimals."),
    maxDecimals: decimals.optional().describe("At most this many decimals."),
    grouping: z.boolean().default(true).describe("Separate thousands."),
    sign: z
      .enum(["auto", "always", "exceptZero", "never"])
      .default("auto")
      .describe("When a sign is written."),
  }),
]);
export type NumberStep = z.output<typeof numberStep>;
type Format = Extract<NumberStep, { operation: "format" }>;

export function applySteps(value: Json, steps: readonly NumberStep[], field: string): Json {
  return steps.reduce<Json>((current, step, index) => apply(current, step, `steps.${index}`, field), value);
}

function apply(value: Json, step: NumberStep, place: string, field: string): Json {
  if (value === null) return null;
  if (step.operation === "parse") return parse(value, step.locale, step.whenInvalid === "null", field);
  if (typeof value !== "number") {
    throw wrongData(
      `"${field}" is ${show(value)}, not a number.`,
      'Make a number of text with the step "parse".',
    );
  }
  switch (step.operation) {
    case "round":
      return roundAt(value, step.decimals, step.mode);
    case "roundTo":
      return roundTo(value, step.step, step.mode);
    case "clamp":
      return clamp(value, step, place);
    case "scale":
      return scaled(value, step.by, step.plus);
    case "abs":
      return Math.abs(value);
    case "format":
      return format(value, step, place);
  }
}

function isLocale(text: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(text).length > 0;
  } catch {
    return false;
  }
}

/** Strict: groups of three (or of India), one decimal sign, at most a currency, a percent sign or brackets around. */
function parse(value: Json, language: string, isLenient: boolean, field: string): number | null {
  if (typeof value === "number") return value;
  const parsed = typeof value === "string" ? parseText(value, language) : undefined;
  if (parsed !== undefined) return parsed;
  if (isLenient) return null;
  throw wrongData(
    `"${field}" is ${show(value)}, which is no number as written in "${language}".`,
    'Choose the right "locale", or set "whenInvalid" to "null".',
  );
}

function parseText(text: string, language: string): number | undefined {
  const { group, decimal } = separatorsOf(language);
  let rest = text
    .normalize("NFKC")
    .replace(/\p{Sc}|(?<![\p{L}])[A-Z]{3}(?![\p{L}])/gu, "")
    .replace(/[\u2212\u2010-\u2013]/g, "-")
    .replace(/[\u2018\u2019]/g, "'")
    .trim();
  let factor = 1;
  if (/^\(.*\)$/.test(rest)) {
    rest = rest.slice(1, -1).trim();
    factor = -1;
  }
  let percent = 0;
  if (rest.endsWith("%")) {
    rest = rest.slice(0, -1).trim();
    percent = -2;
  }
  const grouped = `\\d{1,3}(?:${literal(group)}\\d{2,3})*${literal(group)}\\d{3}`;
  const shape = new RegExp(
    `^([+-]?)\\s*(${grouped}|\\d+)?(?:${literal(decimal)}(\\d+)?)?(?:[eE]([+-]?\\d{1,3}))?$`,
  );
  const match = shape.exec(rest);
  if (!match || (match[2] === undefined && match[3] === undefined)) return undefined;
  const whole = (match[2] ?? "0").replace(/\D/g, "");
  const exponent = Number(match[4] ?? 0) + percent;
  const number = Number(`${match[1] ?? ""}${whole}.${match[3] ?? "0"}e${exponent}`) * factor;
  return Number.isFinite(number) ? number : undefined;
}

const separators = new Map<string, { group: string; decimal: string }>();

function separatorsOf(language: string): { group: string; decimal: string } {
  const known = separators.get(language);
  if (known) return known;
  const parts = new Intl.NumberFormat(language, {
    numberingSystem: "latn",
    useGrouping: "always",
  } as Intl.NumberFormatOptions).formatToParts(-1234567.5);
  const of = (type: string, other: string) =>
    (parts.find((part) => part.type === type)?.value ?? other)
      .normalize("NFKC")
      .replace(/[\u2018\u2019]/g, "'");
  const found = { group: of("group", ","), decimal: of("decimal", ".") };
  separators.set(language, found);
  return found;
}

/** Blanks of any kind separate groups where a language uses a blank. */
function literal(sign: string): string {
  return sign.trim() === "" ? "\\s" : sign.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

export function roundAt(value: number, places: number, mode: (typeof roundModes)[number]): number {
  const decimal = toDecimal(value);
  if (decimal.scale <= places) return value;
  const digits = divideRounded(decimal.digits, 10n ** BigInt(decimal.scale - places), mode);
  return toNumber({ digits, scale: places });
}

function roundTo(value: number, step: number, mode: (typeof roundModes)[number]): number {
  const [a, b] = sameScale(toDecimal(value), toDecimal(step));
  return toNumber({ digits: divideRounded(a.digits, b.digits, mode) * b.digits, scale: b.scale });
}

function sameScale(a: Decimal, b: Decimal): [Decimal, Decimal] {
  const scale = Math.max(a.scale, b.scale);
  const at = (one: Decimal) => ({ digits: one.digits * 10n ** BigInt(scale - one.scale), scale });
  return [at(a), at(b)];
}

function divideRounded(value: bigint, unit: bigint, mode: (typeof roundModes)[number]): bigint {
  const whole = value / unit;
  const rest = value % unit;
  if (rest === 0n) return whole;
  const away = value < 0n ? whole - 1n : whole + 1n;
  const twice = (rest < 0n ? -rest : rest) * 2n;
  switch (mode) {
    case "up":
      return away;
    case "down":
      return whole;
    case "ceil":
      return value < 0n ? whole : away;
    case "floor":
      return value < 0n ? away : whole;
    case "halfUp":
      return twice >= unit ? away : whole;
    case "halfEven":
      return twice > unit || (twice === unit && whole % 2n !== 0n) ? away : whole;
  }
}

function clamp(
  value: number,
  { min, max }: { min?: number | undefined; max?: number | undefined },
  place: string,
): number {
  if (min !== undefined && max !== undefined && min > max)
    throw wrongParameter(`${place}.min`, `is more than "max".`);
  return Math.min(Math.max(value, min ?? value), max ?? Number.POSITIVE_INFINITY);
}

function scaled(value: number, by: number, plus: number): number {
  const [a, b] = [toDecimal(value), toDecimal(by)];
  const [product, added] = sameScale(
    { digits: a.digits * b.digits, scale: a.scale + b.scale },
    toDecimal(plus),
  );
  return toNumber({ digits: product.digits + added.digits, scale: product.scale });
}

const byteUnits = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte", "petabyte"];
const formats = new Map<string, Intl.NumberFormat>();

function format(value: number, step: Format, place: string): string {
  if (step.style === "ordinal") return ordinal(value, step);
  if (step.style === "currency" && step.currency === undefined)
    throw wrongParameter(`${place}.currency`, "is missing.");
  if (step.style === "unit" && step.unit === undefined) throw wrongParameter(`${place}.unit`, "is missing.");
  if (step.style !== "bytes") return formatOf(step, {}, place).format(value);
  const power = Math.min(byteUnits.length - 1, Math.max(0, Math.floor(Math.log10(Math.abs(value) || 1) / 3)));
  const about = { style: "unit", unit: byteUnits[power] ?? "byte", unitDisplay: "short" } as const;
  const fraction = step.maxDecimals ?? (power === 0 ? 0 : 1);
  return formatOf({ ...step, maxDecimals: fraction }, about, place).format(value / 1000 ** power);
}

function formatOf(step: Format, more: Intl.NumberFormatOptions, place: string): Intl.NumberFormat {
  const options: Intl.NumberFormatOptions = {
    ...(step.style === "currency" ? { style: "currency", currency: step.currency ?? "" } : {}),
    ...(step.style === "percent" ? { style: "percent" } : {}),
    ...(step.style === "compact" ? { notation: "compact" } : {}),
    ...(step.style === "unit" ? { style: "unit", unit: step.unit ?? "" } : {}),
    ...(step.minDecimals === undefined ? {} : { minimumFractionDigits: step.minDecimals }),
    ...(step.maxDecimals === undefined ? {} : { maximumFractionDigits: step.maxDecimals }),
    ...(step.style === "currency" && step.maxDecimals !== undefined && step.minDecimals === undefined
      ? { minimumFractionDigits: 0 }
      : {}),
    useGrouping: step.grouping,
    signDisplay: step.sign,
    ...more,
  };
  const key = JSON.stringify([step.locale, options]);
  const known = formats.get(key);
  if (known) return known;
  try {
    const made = new Intl.NumberFormat(step.locale, options);
    if (formats.size >= 200) formats.clear();
    formats.set(key, made);
    return made;
  } catch (error) {
    throw wrongParameter(
      place,
      `cannot be written: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
}

function ordinal(value: number, step: Format): string {
  const written = new Intl.NumberFormat(step.locale, { useGrouping: step.grouping }).format(value);
  if (!step.locale.toLowerCase().startsWith("en")) return `${written}.`;
  const endings: Record<string, string> = { one: "st", two: "nd", few: "rd" };
  const kind = new Intl.PluralRules(step.locale, { type: "ordinal" }).select(value);
  return `${written}${endings[kind] ?? "th"}`;
}
