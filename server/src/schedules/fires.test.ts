// Rules, their problems, exclusions, bounds, jitter, and what is to be made up for.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { catchUp } from "./catchUp.ts";
import { lastFire, nextFires } from "./fires.ts";
import { overlapOf } from "./overlap.ts";
import { compileSpec, type ScheduleSpec } from "./spec.ts";

function compiled(spec: ScheduleSpec, seed = "") {
  const result = compileSpec(spec, seed);
  assert.ok(result.ok, JSON.stringify(result));
  return result.spec;
}
const at = (spec: ScheduleSpec, from: string, count: number) =>
  nextFires(compiled(spec), Date.parse(from), count).fires.map(({ atMs }) =>
    new Date(atMs).toISOString().replace(/:00\.000Z$/, "Z"),
  );

describe("cron", () => {
  for (const [cron, from, expected] of [
    ["0 9 * * MON-FRI", "2026-01-02T09:00:00Z", ["2026-01-05T09:00Z", "2026-01-06T09:00Z"]],
    ["0 0 L * *", "2026-02-01", ["2026-02-28T00:00Z", "2026-03-31T00:00Z"]],
    ["0 0 L-2 * *", "2026-02-01", ["2026-02-26T00:00Z"]],
    ["0 0 15W * *", "2026-08-01", ["2026-08-14T00:00Z", "2026-09-15T00:00Z"]],
    ["0 0 1W * *", "2026-08-01T00:00:01Z", ["2026-08-03T00:00Z"]],
    ["0 0 LW * *", "2026-05-01", ["2026-05-29T00:00Z"]],
    ["0 0 * * FRI#2", "2026-01-01", ["2026-01-09T00:00Z", "2026-02-13T00:00Z"]],
    ["0 0 * * 5L", "2026-01-01", ["2026-01-30T00:00Z"]],
    ["0 0 29 2 *", "2026-01-01", ["2028-02-29T00:00Z", "2032-02-29T00:00Z"]],
    // Both day fields: either of them.
    ["0 0 13 * FRI", "2026-01-02", ["2026-01-09T00:00Z", "2026-01-13T00:00Z"]],
    ["0 0 * * 7", "2026-01-01", ["2026-01-04T00:00Z"]],
    ["@monthly", "2026-01-01", ["2026-02-01T00:00Z"]],
    ["5/20 * * * *", "2026-01-01", ["2026-01-01T00:05Z", "2026-01-01T00:25Z"]],
  ] as const)
    it(cron, () => assert.deepEqual(at({ cron }, from, expected.length), expected));

  it("has seconds in front of six fields", () => {
    const found = nextFires(
      compiled({ cron: "*/20 * * * * *" }),
      Date.parse("2026-01-01T00:00:00Z"),
      3,
    ).fires;
    assert.deepEqual(
      found.map(({ atMs }) => atMs % 60_000),
      [20_000, 40_000, 0],
    );
  });

  for (const [cron, message, position] of [
    ["* * * *", /5 fields.*has 4/, undefined],
    ["60 * * * *", /minute.*"60"/, 0],
    ["0 9 * JANU *", /month.*"JANU"/, 6],
    ["0 17-9 * * *", /hour.*backwards/, 2],
    ["*/0 * * * *", /minute.*step/, 2],
    ["0 9,, * * *", /hour.*empty/, 4],
    ["0 0 31 4 *", /No day/, 4],
  ] as const)
    it(`refuses ${cron}`, () => {
      const result = compileSpec({ cron });
      assert.ok(!result.ok);
      assert.match(result.problems[0]?.message ?? "", message);
      assert.equal(result.problems[0]?.position, position);
      assert.equal(result.problems[0]?.path, "/cron");
    });
});

describe("interval", () => {
  it("counts from the start, else from 1970", () => {
    assert.deepEqual(at({ interval: "90m" }, "2026-01-01T00:00:00Z", 2), [
      "2026-01-01T01:30Z",
      "2026-01-01T03:00Z",
    ]);
    assert.deepEqual(at({ interval: 600, start: "2026-01-01T00:07:00Z" }, "2026-01-01", 2), [
      "2026-01-01T00:07Z",
      "2026-01-01T00:17Z",
    ]);
    assert.deepEqual(at({ interval: "PT1H30M" }, "2026-01-01T00:00:00Z", 1), ["2026-01-01T01:30Z"]);
  });
});

describe("several cron expressions", () => {
  it("are their union, each moment once", () => {
    const cron = "0 9 * * MON-FRI\n30 12 * * SAT\n0 9 1 * *";
    assert.deepEqual(at({ cron }, "2026-05-29", 4), [
      "2026-05-29T09:00Z",
      "2026-05-30T12:30Z",
      "2026-06-01T09:00Z",
      "2026-06-02T09:00Z",
    ]);
  });

  it("a mistake is located in the whole text", () => {
    const result = compileSpec({ cron: "0 9 * * *\n0 9 * * FRX" });
    assert.equal(result.ok, false);
    assert.equal(result.ok ? 0 : result.problems[0]?.position, 18);
  });
});

describe("rrule", () => {
  for (const [rrule, start, expected] of [
    [
      "FREQ=DAILY;INTERVAL=2;COUNT=3",
      "2026-01-01T09:00",
      ["2026-01-01T09:00Z", "2026-01-03T09:00Z", "2026-01-05T09:00Z"],
    ],
    [
      "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR",
      "2026-01-05T09:00",
      ["2026-01-05T09:00Z", "2026-01-09T09:00Z", "2026-01-19T09:00Z"],
    ],
    [
      "FREQ=MONTHLY;BYDAY=2TU,-1FR;BYHOUR=8",
      "2026-01-01",
      ["2026-01-13T08:00Z", "2026-01-30T08:00Z", "2026-02-10T08:00Z"],
    ],
    ["FREQ=MONTHLY;BYMONTHDAY=-1", "2026-01-01T06:00", ["2026-01-31T06:00Z", "2026-02-28T06:00Z"]],
    // A 31st that a month does not have is passed over, not moved.
    ["FREQ=MONTHLY", "2026-01-31T06:00", ["2026-01-31T06:00Z", "2026-03-31T06:00Z", "2026-05-31T06:00Z"]],
    // Last working day of the month.
    [
      "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;BYHOUR=17",
      "2026-01-01",
      ["2026-01-30T17:00Z", "2026-02-27T17:00Z"],
    ],
    ["FREQ=YEARLY;BYMONTH=3,9;BYDAY=1SU;BYHOUR=5", "2026-01-01", ["2026-03-01T05:00Z", "2026-09-06T05:00Z"]],
    ["FREQ=YEARLY", "2024-02-29T10:00", ["2024-02-29T10:00Z", "2028-02-29T10:00Z"]],
    ["FREQ=HOURLY;INTERVAL=5;BYDAY=SA", "2026-01-02T22:00", ["2026-01-03T03:00Z", "2026-01-03T08:00Z"]],
    [
      "FREQ=MINUTELY;INTERVAL=7;UNTIL=20260101T001500Z",
      "2026-01-01T00:00",
      ["2026-01-01T00:00Z", "2026-01-01T00:07Z", "2026-01-01T00:14Z"],
    ],
    [
      "FREQ=DAILY;COUNT=3\nEXDATE:20260102T090000",
      "2026-01-01T09:00",
      ["2026-01-01T09:00Z", "2026-01-03T09:00Z"],
    ],
    // ISO week 1 of 2027 begins on January 4th, and week 53 of 2026 ends on the 3rd.
    [
      "FREQ=YEARLY;BYWEEKNO=1,-1;BYDAY=MO,SU;BYHOUR=7",
      "2026-12-01",
      ["2026-12-28T07:00Z", "2027-01-03T07:00Z", "2027-01-04T07:00Z", "2027-01-10T07:00Z"],
    ],
    ["FREQ=YEARLY;BYWEEKNO=20;COUNT=2", "2024-05-13T09:00", ["2024-05-13T09:00Z", "2025-05-12T09:00Z"]],
    [
      "FREQ=YEARLY;INTERVAL=3;COUNT=4;BYYEARDAY=1,100,200",
      "2024-01-01T09:00",
      ["2024-01-01T09:00Z", "2024-04-09T09:00Z", "2024-07-18T09:00Z", "2027-01-01T09:00Z"],
    ],
    ["FREQ=YEARLY;BYYEARDAY=-1;BYHOUR=0", "2024-01-01", ["2024-12-31T00:00Z", "2025-12-31T00:00Z"]],
    [
      "FREQ=WEEKLY;BYDAY=MO\nRDATE:20260106T090000,20260107T120000\nEXDATE:20260106T090000",
      "2026-01-05T09:00",
      ["2026-01-05T09:00Z", "2026-01-07T12:00Z", "2026-01-12T09:00Z"],
    ],
    [
      "RRULE:FREQ=MONTHLY;BYMONTHDAY=1\nRRULE:FREQ=WEEKLY;BYDAY=MO",
      "2026-05-30T08:00",
      ["2026-06-01T08:00Z", "2026-06-08T08:00Z", "2026-06-15T08:00Z"],
    ],
    [
      "DTSTART:20260105T100000\nRRULE:FREQ=WEEKLY;COUNT=2",
      undefined,
      ["2026-01-05T10:00Z", "2026-01-12T10:00Z"],
    ],
  ] as const)
    it(rrule.replace("\n", " "), () => {
      const found = at({ rrule, start }, "2023-12-31", expected.length + 1);
      assert.deepEqual(found.slice(0, expected.length), expected);
      if (/COUNT=[23]|UNTIL/.test(rrule)) assert.equal(found.length, expected.length);
    });

  it("a far day is not walked to from the start", () => {
    const started = process.cpuUsage();
    assert.deepEqual(
      at({ rrule: "FREQ=SECONDLY;INTERVAL=30;BYMONTH=6", start: "1990-01-01" }, "2026-01-01", 1),
      ["2026-06-01T00:00Z"],
    );
    assert.ok(process.cpuUsage(started).user < 1_000_000);
  });

  it("says what is wrong", () => {
    const minutes = Array.from({ length: 60 }, (_, minute) => minute).join();
    for (const [rrule, code] of [
      ["FREQ=OFTEN", "RRULE_PART_INVALID"],
      ["BYHOUR=3", "RRULE_INVALID"],
      ["FREQ=DAILY;BYHOUR=24", "RRULE_PART_INVALID"],
      ["FREQ=WEEKLY;BYDAY=2MO", "RRULE_PART_INVALID"],
      ["FREQ=DAILY;BYYEARDAY=4", "RRULE_PART_INVALID"],
      ["FREQ=MONTHLY;BYWEEKNO=4", "RRULE_PART_INVALID"],
      ["FREQ=YEARLY;BYWEEKNO=4;BYDAY=1MO", "RRULE_PART_INVALID"],
      ["FREQ=YEARLY;BYWEEKNO=4", "RRULE_NEEDS_START"],
      ["FREQ=DAILY;BYEASTER=0", "RRULE_PART_UNKNOWN"],
      ["EXRULE:FREQ=DAILY", "RRULE_PART_UNKNOWN"],
      ["FREQ=WEEKLY", "RRULE_NEEDS_START"],
      ["FREQ=DAILY;INTERVAL=3", "RRULE_NEEDS_START"],
      ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "RRULE_NEVER"],
      [
        `FREQ=DAILY;BYMINUTE=${minutes};BYSECOND=${minutes};BYHOUR=${minutes.slice(0, 61)}`,
        "RRULE_TOO_DENSE",
      ],
      ["FREQ=SECONDLY;INTERVAL=60;BYSECOND=30\nDTSTART:20260101T000000", "RRULE_NEVER"],
      ["DTSTART;TZID=Asia/Tokyo:20260101T000000\nRRULE:FREQ=DAILY", "RRULE_ZONE"],
    ] as const) {
      const result = compileSpec({ rrule });
      assert.equal(result.ok ? "fine" : result.problems[0]?.code, code, rrule);
    }
  });
});

describe("bounds, exclusions, jitter", () => {
  it("start and end belong to the schedule", () => {
    const spec = {
      cron: "0 9 * * *",
      timezone: "Asia/Tokyo",
      start: "2026-01-02T09:00",
      end: "2026-01-04T09:00",
    };
    assert.deepEqual(at(spec, "2025-01-01", 9), [
      "2026-01-02T00:00Z",
      "2026-01-03T00:00Z",
      "2026-01-04T00:00Z",
    ]);
  });

  it("excluded days are those of the zone", () => {
    const spec = { cron: "0 1 * * *", timezone: "Asia/Tokyo", excludeDates: ["2026-01-02", "01-04"] };
    assert.deepEqual(at(spec, "2025-12-31T16:00:00Z", 2), ["2026-01-02T16:00Z", "2026-01-04T16:00Z"]);
  });

  it("a rule whose every day is excluded ends instead of searching for ever", () => {
    assert.deepEqual(at({ cron: "0 0 29 2 *", excludeDates: ["02-29"] }, "2026-01-01", 1), []);
  });

  it("days of excluded seconds are jumped over, and stand there once each", () => {
    const spec = compiled({
      cron: "* * * * * *",
      timezone: "Europe/Berlin",
      excludeDates: ["2026-03-28", "2026-03-29", "2026-03-30"],
    });
    const { fires, skipped } = nextFires(spec, Date.parse("2026-03-27T22:59:58Z"), 2);
    assert.deepEqual(
      fires.map(({ local }) => local),
      ["2026-03-27T23:59:59+01:00", "2026-03-31T00:00:00+02:00"],
    );
    assert.equal(skipped.length, 3);
  });

  it("jitter is bounded, spread, and the same whenever it is asked", () => {
    const spec = { cron: "* * * * *", jitterSeconds: 30 };
    const delays = Array.from({ length: 500 }, (_, index) =>
      compiled(spec, `schedule ${index}`).jitterMs(1_800_000_000_000),
    );
    assert.ok(delays.every((delay) => delay >= 0 && delay < 30_000));
    for (const third of [0, 1, 2])
      assert.ok(delays.filter((delay) => Math.floor(delay / 10_000) === third).length > 120);
    assert.equal(compiled(spec, "schedule 1").jitterMs(1_800_000_000_000), delays[1]);
  });
});

describe("a downtime", () => {
  const spec = compiled({ cron: "0 * * * *" });
  const due = Date.parse("2026-01-01T00:00:00Z");
  const hours = (count: number) => due + count * 3_600_000;
  const about = { cutoffMs: hours(24) + 60_000, fromMs: hours(20) - 1 };

  it("last: one fire, the rest is counted", () => {
    const first = catchUp(spec, { missed: "last" }, due, about);
    assert.deepEqual(first, {
      kind: "jump",
      next: { kind: "fire", atMs: hours(24), local: "2026-01-02T00:00:00+00:00" },
      count: 24,
      lastMs: hours(23),
    });
    assert.deepEqual(catchUp(spec, { missed: "last" }, hours(24), about), { kind: "fire" });
  });

  it("none: the next one that is not missed", () => {
    const jump = catchUp(spec, { missed: "none" }, due, about);
    assert.equal(jump.kind === "jump" && jump.next?.atMs, hours(25));
    assert.equal(jump.kind === "jump" && jump.count, 25);
  });

  it("window: those that are not too late", () => {
    const jump = catchUp(spec, { missed: "window", missedWindowSeconds: 4 * 3600 }, due, about);
    assert.equal(jump.kind === "jump" && jump.next?.atMs, hours(20));
    assert.deepEqual(catchUp(spec, { missed: "window", missedWindowSeconds: 1 }, hours(20), about), {
      kind: "fire",
    });
  });

  it("all: every one", () => {
    assert.deepEqual(catchUp(spec, { missed: "all" }, due, about), { kind: "fire" });
  });

  it("a month of seconds is not counted out", () => {
    const started = process.cpuUsage();
    const often = compiled({ cron: "* * * * * *", timezone: "Europe/Berlin" });
    const jump = catchUp(often, { missed: "last" }, due, { cutoffMs: hours(24 * 30), fromMs: 0 });
    assert.equal(jump.kind === "jump" && jump.next?.atMs, hours(24 * 30));
    assert.equal(lastFire(spec, due - 1, hours(5) - 1)?.atMs, hours(4));
    assert.ok(process.cpuUsage(started).user < 1_000_000);
  });
});

describe("overlap", () => {
  const open = ["a"];
  for (const [policy, situation, kind] of [
    ["skip", { open, buffered: 0 }, "skip"],
    ["skip", { open: [], buffered: 0 }, "start"],
    ["bufferOne", { open, buffered: 0 }, "buffer"],
    ["bufferOne", { open, buffered: 1 }, "skip"],
    ["bufferAll", { open, buffered: 7 }, "buffer"],
    ["bufferAll", { open, buffered: 10_000 }, "skip"],
    ["bufferAll", { open: [], buffered: 1 }, "buffer"],
    ["cancelOther", { open, buffered: 0 }, "buffer"],
    ["allow", { open, buffered: 0 }, "start"],
    ["skip", { open, buffered: 0, isCatchingUp: true }, "hold"],
    ["bufferAll", { open, buffered: 0, isCatchingUp: true }, "hold"],
  ] as const)
    it(`${policy} with ${JSON.stringify(situation)}: ${kind}`, () => {
      assert.equal(overlapOf(policy, { isCatchingUp: false, ...situation }).kind, kind);
    });
});
