// Computes expected.json and expected/ without the engine: node derive.mjs
// All values of the file have one decimal, so everything is added in whole tenths.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

const at = (name) => new URL(name, import.meta.url);
const { year } = JSON.parse(readFileSync(at("input.json"), "utf8"));
const tenths = (text) => Number(text.replace(/^(-?\d+)(?:\.(\d))?$/, (_, whole, part = "0") => whole + part));
const days = readFileSync(at("seattle-weather.csv"), "utf8")
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => line.split(","))
  .filter(([date]) => date.startsWith(`${year}-`))
  .map(([date, rain, warm, cold, wind]) => ({
    week: isoWeek(date),
    rain: tenths(rain),
    warm: tenths(warm),
    cold: tenths(cold),
    wind: tenths(wind),
  }));

/** The ISO week is the one its Thursday is in. */
function isoWeek(date) {
  const thursday = new Date(`${date}T00:00:00Z`);
  thursday.setUTCDate(thursday.getUTCDate() + 3 - ((thursday.getUTCDay() + 6) % 7));
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  const week = 1 + Math.floor((thursday.getTime() - first) / (7 * 86_400_000));
  return `${thursday.getUTCFullYear()}-W${String(week).padStart(2, "0")}`;
}

const sum = (list, field) => list.reduce((total, day) => total + day[field], 0);
const weeks = [...Map.groupBy(days, (day) => day.week)].map(([week, list]) => ({
  week,
  days: list.length,
  wetDays: list.filter((day) => day.rain > 0).length,
  rain: sum(list, "rain"),
  warmest: Math.max(...list.map((day) => day.warm)),
  coldest: Math.min(...list.map((day) => day.cold)),
  wind: Math.floor((2 * sum(list, "wind") + list.length) / (2 * list.length)),
}));

const fixed = (value) => `${value < 0 ? "-" : ""}${Math.floor(Math.abs(value) / 10)}.${Math.abs(value) % 10}`;
const short = (value) => fixed(value).replace(/\.0$/, "");
const markdown = `# Weather in Seattle, ${year}

| Week | Wet days | Rain (mm) | Warmest | Coldest | Wind |
|---|---|---|---|---|---|
${weeks
  .map(
    (w) =>
      `| ${w.week} | ${w.wetDays} of ${w.days} | ${[w.rain, w.warmest, w.coldest, w.wind].map(fixed).join(" | ")} |`,
  )
  .join("\n")}
`;
const csv = `week,days,wetDays,rain,warmest,coldest,wind
${weeks
  .map((w) => [w.week, w.days, w.wetDays, ...[w.rain, w.warmest, w.coldest, w.wind].map(short)].join(","))
  .join("\n")}
`;
const wettest = weeks.toSorted((a, b) => b.rain - a.rain || (a.week < b.week ? -1 : 1)).slice(0, 3);
const expected = {
  year,
  totals: {
    days: days.length,
    wetDays: days.filter((day) => day.rain > 0).length,
    rain: sum(days, "rain") / 10,
    warmest: Math.max(...days.map((day) => day.warm)) / 10,
    coldest: Math.min(...days.map((day) => day.cold)) / 10,
  },
  weeks: weeks.length,
  wettestWeeks: wettest.map(({ week, rain }) => ({ week, rain: rain / 10 })),
  files: [
    { path: "reports/weekly.md", bytes: Buffer.byteLength(markdown) },
    { path: "reports/weekly.csv", bytes: Buffer.byteLength(csv) },
  ],
};
mkdirSync(at("expected/reports/"), { recursive: true });
writeFileSync(at("expected/reports/weekly.md"), markdown);
writeFileSync(at("expected/reports/weekly.csv"), csv);
writeFileSync(at("expected.json"), `${JSON.stringify(expected, null, 2)}\n`);
