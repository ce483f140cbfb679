// What the server says in parts, ready for a sentence of the catalogue: numbers and days as the reader writes them.
type Parameters = Readonly<Record<string, string | number>>;

export function spoken(
  parameters: Parameters,
  number: (value: number) => string,
  day: (at: string) => string = (at) => at,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      typeof value === "number" ? number(value) : days.has(name) ? day(value) : value,
    ]),
  );
}

const days = new Set(["used", "made"]);
