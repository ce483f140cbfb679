// Both clock changes in five zones, by every policy. Expected moments come from the zones' rules, not from the code.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nextFires } from "./fires.ts";
import { compileSpec, type ScheduleSpec } from "./spec.ts";

type Row = {
  zone: string;
  cron: string;
  from: string;
  missing?: string;
  next: string;
  first?: string;
  second?: string;
};

/** `missing`: right after the gap. `next`: the fire of the day after. */
const forward: Row[] = [
  {
    zone: "Europe/Berlin",
    cron: "30 2 * * *",
    from: "2026-03-28T12:00Z",
    missing: "2026-03-29T01:00Z",
    next: "2026-03-30T00:30Z",
  },
  {
    zone: "America/New_York",
    cron: "30 2 * * *",
    from: "2026-03-07T12:00Z",
    missing: "2026-03-08T07:00Z",
    next: "2026-03-09T06:30Z",
  },
  // Half an hour only: 02:00 to 02:30.
  {
    zone: "Australia/Lord_Howe",
    cron: "15 2 * * *",
    from: "2026-10-02T16:00Z",
    missing: "2026-10-03T15:30Z",
    next: "2026-10-04T15:15Z",
  },
  // At midnight: the day begins at 01:00.
  {
    zone: "America/Santiago",
    cron: "30 0 * * *",
    from: "2026-09-05T12:00Z",
    missing: "2026-09-06T04:00Z",
    next: "2026-09-07T03:30Z",
  },
  {
    zone: "Africa/Cairo",
    cron: "30 0 * * *",
    from: "2026-04-23T12:00Z",
    missing: "2026-04-23T22:00Z",
    next: "2026-04-24T21:30Z",
  },
];
const back: Row[] = [
  {
    zone: "Europe/Berlin",
    cron: "30 2 * * *",
    from: "2026-10-24T12:00Z",
    first: "2026-10-25T00:30Z",
    second: "2026-10-25T01:30Z",
    next: "2026-10-26T01:30Z",
  },
  {
    zone: "America/New_York",
    cron: "30 1 * * *",
    from: "2026-10-31T12:00Z",
    first: "2026-11-01T05:30Z",
    second: "2026-11-01T06:30Z",
    next: "2026-11-02T06:30Z",
  },
  {
    zone: "Australia/Lord_Howe",
    cron: "45 1 * * *",
    from: "2026-04-04T00:00Z",
    first: "2026-04-04T14:45Z",
    second: "2026-04-04T15:15Z",
    next: "2026-04-05T15:15Z",
  },
  // The day before comes back for an hour.
  {
    zone: "America/Santiago",
    cron: "30 23 * * *",
    from: "2026-04-04T12:00Z",
    first: "2026-04-05T02:30Z",
    second: "2026-04-05T03:30Z",
    next: "2026-04-06T03:30Z",
  },
  {
    zone: "Africa/Cairo",
    cron: "30 23 * * *",
    from: "2026-10-29T12:00Z",
    first: "2026-10-29T20:30Z",
    second: "2026-10-29T21:30Z",
    next: "2026-10-30T21:30Z",
  },
];

function firesOf(spec: ScheduleSpec, from: string, count: number) {
  const compiled = compileSpec(spec);
  assert.ok(compiled.ok, JSON.stringify(compiled));
  const { fires, skipped } = nextFires(compiled.spec, Date.parse(from), count);
  return { at: fires.map(({ atMs }) => atMs), notes: fires.map(({ note }) => note?.text), skipped };
}

const ms = (...texts: (string | undefined)[]) => texts.map((text) => Date.parse(text ?? ""));

for (const { zone, cron, from, missing, next } of forward)
  describe(`${zone}, clocks go forward`, () => {
    const spec = { cron, timezone: zone };

    it("after (the default): right after the gap, and says why", () => {
      const found = firesOf(spec, from, 2);
      assert.deepEqual(found.at, ms(missing, next));
      assert.match(found.notes[0] ?? "", /does not exist/);
      assert.deepEqual(firesOf({ ...spec, gap: "after" }, from, 2).at, found.at);
    });

    it("skip: not on that day, and says so", () => {
      const found = firesOf({ ...spec, gap: "skip" }, from, 1);
      assert.deepEqual(found.at, ms(next));
      assert.match(found.skipped[0]?.note?.text ?? "", /does not exist/);
    });

    it("asked from within the fire, it goes on after it", () => {
      assert.deepEqual(firesOf(spec, missing ?? "", 1).at, ms(next));
    });

    it("what fires every few minutes keeps its pace: no fire is added, none is lost", () => {
      const every = firesOf({ cron: "*/10 * * * *", timezone: zone }, from, 200).at;
      for (const [index, at] of every.entries())
        if (index > 0) assert.equal(at - (every[index - 1] ?? 0), 600_000);
    });

    it("a time that only begins after the gap is one fire, also with a missing one before it", () => {
      const offset =
        zone === "Australia/Lord_Howe" ? "15,30 2" : cron.startsWith("30 2") ? "30 2,3" : "30 0,1";
      const found = firesOf({ cron: `${offset} * * *`, timezone: zone }, from, 3).at;
      assert.equal(new Set(found).size, 3);
      assert.equal(found[0], ms(missing)[0]);
    });
  });

for (const { zone, cron, from, first, second, next } of back)
  describe(`${zone}, clocks go back`, () => {
    for (const [repeat, expected] of [
      [undefined, [first, next]],
      ["first", [first, next]],
      ["second", [second, next]],
      ["both", [first, second, next]],
    ] as const)
      it(`repeat: ${repeat ?? "absent"}`, () => {
        const found = firesOf({ cron, timezone: zone, repeat }, from, expected.length);
        assert.deepEqual(found.at, ms(...expected));
        assert.match(found.notes[0] ?? "", /comes twice/);
      });

    it("every 10 minutes: both hours, like any other", () => {
      const every = firesOf({ cron: "*/10 * * * *", timezone: zone }, from, 200).at;
      for (const [index, at] of every.entries())
        if (index > 0) assert.equal(at - (every[index - 1] ?? 0), 600_000);
    });

    it("an interval does not notice", () => {
      const every = firesOf(
        { interval: "20m", timezone: zone, start: from.replace("Z", ":00Z") },
        from,
        100,
      ).at;
      assert.equal((every.at(-1) ?? 0) - (every[0] ?? 0), 99 * 1_200_000);
    });
  });

it("what is special is said in parts as well, for readers of other languages", () => {
  const compiled = compileSpec({ cron: "30 2 * * *", timezone: "Europe/Berlin" });
  assert.ok(compiled.ok);
  assert.deepEqual(nextFires(compiled.spec, Date.parse("2026-03-28T12:00Z"), 1).fires[0]?.note?.parts, [
    {
      code: "fire.gapAfter",
      parameters: { time: "02:30", date: "2026-03-29", from: "02:00", to: "03:00" },
    },
  ]);
});

it("a day that the calendar jumps over", () => {
  const spec = { cron: "0 12 30 12 *", timezone: "Pacific/Apia" };
  const after = firesOf(spec, "2011-12-01", 1);
  assert.deepEqual(after.at, ms("2011-12-30T10:00Z"));
  assert.match(after.notes[0] ?? "", /jumps over the day/);
  assert.deepEqual(firesOf({ ...spec, gap: "skip" }, "2011-12-01", 1).at, ms("2012-12-29T22:00Z"));
});
