import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Json, JsonObject } from "@auraos/kernel";
import { evaluateNode, failureOf, firstOf } from "../testing.ts";
import { dateNode } from "./node.ts";
import { fromWall, offsetAt, toWall } from "./zone.ts";

const apply = (value: Json, zone: string, ...steps: JsonObject[]) =>
  firstOf(evaluateNode(dateNode, { config: { fields: ["d"], zone, steps }, items: [{ d: value }] })).d;
const berlin = "Europe/Berlin";
const format = (value: Json, pattern: string, zone = "UTC", locale = "en") =>
  apply(value, zone, { operation: "format", pattern, locale });

describe("zones", () => {
  it("knows the offset at every moment, as the clock of Date does for a whole year", () => {
    // Changes of 2026 in Berlin: 29 March 01:00 UTC and 25 October 01:00 UTC.
    const spring = Date.UTC(2026, 2, 29, 1);
    assert.equal(offsetAt(spring - 1, berlin), 3_600_000);
    assert.equal(offsetAt(spring, berlin), 7_200_000);
    assert.equal(offsetAt(0, "+05:30"), 19_800_000);
    for (const zone of [
      berlin,
      "America/New_York",
      "Asia/Kathmandu",
      "Australia/Lord_Howe",
      "Pacific/Apia",
    ]) {
      for (let ms = Date.UTC(2026, 0, 1); ms < Date.UTC(2027, 0, 1); ms += 45_000_000) {
        const back = fromWall(toWall(ms, zone), zone);
        assert.ok(
          back === ms || toWall(back, zone) === toWall(ms, zone),
          `${zone} ${new Date(ms).toISOString()}`,
        );
      }
    }
  });

  it("treats times that do not exist or come twice", () => {
    assert.equal(apply("2026-03-29T02:30:00", berlin), "2026-03-29T03:30:00+02:00");
    assert.equal(apply("2026-10-25T02:30:00", berlin), "2026-10-25T02:30:00+02:00");
    assert.equal(apply("2026-10-25T02:30:00+01:00", berlin), "2026-10-25T02:30:00+01:00");
    assert.equal(apply("2011-12-30T12:00:00", "Pacific/Apia"), "2011-12-31T12:00:00+14:00");
  });

  it("shows the same moment elsewhere", () => {
    assert.equal(
      apply("2026-01-02T03:04:05Z", "UTC", { operation: "zone", zone: "Asia/Kathmandu" }),
      "2026-01-02T08:49:05+05:45",
    );
    assert.equal(apply("2026-01-02T03:04:05.678+02:00", "UTC"), "2026-01-02T01:04:05.678Z");
    assert.equal(apply(1_767_225_600_000, "UTC"), "2026-01-01T00:00:00Z");
  });
});

describe("sums", () => {
  it("adds on the calendar: days keep the time of day, hours are real", () => {
    const before = "2026-03-28T12:00:00";
    assert.equal(apply(before, berlin, { operation: "add", days: 1 }), "2026-03-29T12:00:00+02:00");
    assert.equal(apply(before, berlin, { operation: "add", hours: 24 }), "2026-03-29T13:00:00+02:00");
    assert.equal(apply("2026-01-31", "UTC", { operation: "add", months: 1 }), "2026-02-28T00:00:00Z");
    assert.equal(apply("2024-02-29", "UTC", { operation: "add", years: -1 }), "2023-02-28T00:00:00Z");
    assert.equal(
      apply("2026-11-30", "UTC", { operation: "add", quarters: 1, weeks: 1, days: -1 }),
      "2027-03-06T00:00:00Z",
    );
  });

  it("adds workdays without weekends and holidays", () => {
    assert.equal(
      apply("2026-12-23", "UTC", { operation: "add", workdays: 3, holidays: ["2026-12-25"] }),
      "2026-12-29T00:00:00Z",
    );
    assert.equal(apply("2026-06-08", "UTC", { operation: "add", workdays: -1 }), "2026-06-05T00:00:00Z");
  });

  it("finds starts and ends", () => {
    const at = "2026-08-19T15:16:17";
    const start = (unit: string) => apply(at, berlin, { operation: "startOf", unit });
    assert.deepEqual(["years", "quarters", "months", "weeks", "days", "hours"].map(start), [
      "2026-01-01T00:00:00+01:00",
      "2026-07-01T00:00:00+02:00",
      "2026-08-01T00:00:00+02:00",
      "2026-08-17T00:00:00+02:00",
      "2026-08-19T00:00:00+02:00",
      "2026-08-19T15:00:00+02:00",
    ]);
    assert.equal(
      apply("2024-02-03", "UTC", { operation: "endOf", unit: "months" }),
      "2024-02-29T23:59:59.999Z",
    );
  });

  it("counts the time between two dates", () => {
    const until = (from: string, to: string, more: JsonObject) =>
      apply(from, berlin, { operation: "until", to, ...more });
    assert.equal(until("2026-01-31", "2026-03-01", { unit: "months" }), 1);
    assert.equal(until("2026-03-28T12:00:00", "2026-03-29T12:00:00", { unit: "days" }), 1);
    assert.equal(until("2026-03-28T12:00:00", "2026-03-29T12:00:00", { unit: "hours" }), 23);
    assert.equal(until("2026-01-02", "2026-01-01", {}), -1);
    assert.equal(until("2026-01-01", "2026-01-02T12:00:00", { exact: true }), 1.5);
    assert.equal(until("1980-02-29", "2026-02-28", { unit: "years" }), 46);
    assert.equal(apply("2025-12-31", "UTC", { operation: "until" }), 1);
  });
});

describe("text", () => {
  it("writes patterns and the habits of languages", () => {
    const at = "2026-01-04T15:06:07.008Z";
    assert.equal(format(at, "yyyy-MM-dd'T'HH:mm:ss.SSSZZ"), "2026-01-04T15:06:07.008+00:00");
    assert.equal(
      format(at, "d.M.yy, h:mm a, EEE 'week' W 'of' kkkk, 'o''clock'"),
      "4.1.26, 3:06 PM, Sun week 1 of 2026, oclock",
    );
    assert.equal(format(at, "EEEE, d. MMMM", "UTC", "de"), "Sonntag, 4. Januar");
    assert.equal(format("2027-01-01", "kkkk-'W'WW-E q ooo"), "2026-W53-5 1 001");
    assert.equal(
      apply(at, berlin, { operation: "format", locale: "de", date: "long", time: "none" }),
      "4. Januar 2026",
    );
    assert.equal(apply(at, "UTC", { operation: "part", part: "weekday" }), 7);
  });

  it("reads patterns strictly", async () => {
    const parse = (text: Json, pattern: string, locale = "en") =>
      apply(text, berlin, { operation: "parse", pattern, locale });
    assert.equal(parse("04.01.2026 15:06", "dd.MM.yyyy HH:mm"), "2026-01-04T15:06:00+01:00");
    assert.equal(parse("1/2/26 12:30 am", "M/d/yy h:mm a"), "2026-01-02T00:30:00+01:00");
    assert.equal(parse("4. März 2026", "d. MMMM yyyy", "de"), "2026-03-04T00:00:00+01:00");
    assert.equal(parse("4 марта 2026", "d MMMM yyyy", "ru"), "2026-03-04T00:00:00+01:00");
    assert.equal(
      parse("Sun, 04 Jan 2026 15:06:07 +0000", "EEE, dd MMM yyyy HH:mm:ss ZZZ"),
      "2026-01-04T16:06:07+01:00",
    );
    assert.equal(parse(1_767_225_600, "X"), "2026-01-01T01:00:00+01:00");
    for (const [text, pattern] of [
      ["30.02.2026", "dd.MM.yyyy"],
      ["4.1.2026", "dd.MM.yyyy"],
      ["2026-13-01", "yyyy-MM-dd"],
      ["25:00 2026", "HH:mm yyyy"],
    ] as const) {
      assert.equal((await failureOf(() => parse(text, pattern))).code, "DATA_INVALID", text);
    }
    assert.equal((await failureOf(() => apply("tomorrow", "UTC"))).code, "DATA_INVALID");
    assert.equal((await failureOf(() => apply("2026-02-30", "UTC"))).code, "DATA_INVALID");
  });
});

it("takes the time of the run, and checks what it is given", async () => {
  const now = evaluateNode(dateNode, { config: { into: "at" }, items: [{ a: 1 }] });
  assert.deepEqual(firstOf(now), { a: 1, at: "2026-01-01T00:00:00Z" });
  assert.equal(dateNode.checkConfig?.({})[0]?.field, "into");
  assert.equal(dateNode.checkConfig?.({ into: "a", zone: "Mars/Base" })[0]?.field, "zone");
  assert.equal(
    (await failureOf(() => apply("9999-12-31", "UTC", { operation: "add", days: 1 }))).code,
    "DATE_RANGE",
  );
  const late = await failureOf(() =>
    apply("2026-01-01", "UTC", { operation: "unix" }, { operation: "add", days: 1 }),
  );
  assert.equal(late.field, "steps.1");
});
