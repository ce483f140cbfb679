// Dates by hand: gaps and repeats of several zones, luxon's arithmetic, formats and differences.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { evaluate } from "../testScope.fixture.ts";

function table(name: string, rows: readonly (readonly [source: string, value: unknown])[]) {
  describe(name, () => {
    for (const [source, value] of rows) it(source, () => assert.deepEqual(evaluate(source), value));
  });
}

table("gaps: the clock moves forward", [
  ["DateTime.fromISO('2024-03-31T02:30').toISO()", "2024-03-31T03:30:00.000+02:00"],
  [
    "DateTime.fromISO('2024-03-10T02:30', { zone: 'America/New_York' }).toISO()",
    "2024-03-10T03:30:00.000-04:00",
  ],
  [
    "DateTime.fromISO('2024-10-06T02:15', { zone: 'Australia/Lord_Howe' }).toISO()",
    "2024-10-06T02:45:00.000+11:00",
  ],
  [
    "DateTime.fromISO('2018-11-04T00:00', { zone: 'America/Sao_Paulo' }).toISO()",
    "2018-11-04T01:00:00.000-02:00",
  ],
  [
    "DateTime.fromISO('2018-11-04T12:00', { zone: 'America/Sao_Paulo' }).startOf('day').toISO()",
    "2018-11-04T01:00:00.000-02:00",
  ],
  ["DateTime.fromISO('2011-12-30T12:00', { zone: 'Pacific/Apia' }).toISO()", "2011-12-31T12:00:00.000+14:00"],
  ["DateTime.fromISO('2024-03-30T02:30').plus({ days: 1 }).toISO()", "2024-03-31T03:30:00.000+02:00"],
  ["DateTime.fromISO('2024-03-31T01:30').plus({ hours: 1 }).toISO()", "2024-03-31T03:30:00.000+02:00"],
  [
    "DateTime.fromISO('2024-03-31T12:00').set({ hour: 2, minute: 10 }).toISO()",
    "2024-03-31T03:10:00.000+02:00",
  ],
]);

table("repeats: the first, unless the offset is known", [
  ["DateTime.fromISO('2024-10-27T02:30').toISO()", "2024-10-27T02:30:00.000+02:00"],
  [
    "DateTime.fromISO('2024-11-03T01:30', { zone: 'America/New_York' }).toISO()",
    "2024-11-03T01:30:00.000-04:00",
  ],
  [
    "DateTime.fromISO('2024-11-03T01:30', { zone: 'America/New_York' }).plus({ hours: 1 }).toISO()",
    "2024-11-03T01:30:00.000-05:00",
  ],
  [
    "DateTime.fromISO('2024-11-03T01:30', { zone: 'America/New_York' }).plus({ hours: 2 }).toISO()",
    "2024-11-03T02:30:00.000-05:00",
  ],
  [
    "DateTime.fromISO('2024-11-03T06:30Z', { zone: 'America/New_York' }).set({ minute: 45 }).toISO()",
    "2024-11-03T01:45:00.000-05:00",
  ],
  ["DateTime.fromISO('2024-10-27T02:30+01:00').toISO()", "2024-10-27T02:30:00.000+01:00"],
  ["DateTime.fromISO('2024-10-27T02:30+01:00').startOf('hour').toISO()", "2024-10-27T02:00:00.000+01:00"],
  [
    "DateTime.fromISO('2024-04-07T01:45', { zone: 'Australia/Lord_Howe' }).plus({ minutes: 30 }).toISO()",
    "2024-04-07T01:45:00.000+10:30",
  ],
  ["DateTime.fromISO('2024-10-27T12:00').minus({ days: 1 }).toISO()", "2024-10-26T12:00:00.000+02:00"],
  ["DateTime.fromISO('2024-10-26T12:00').plus({ hours: 24 }).toISO()", "2024-10-27T11:00:00.000+01:00"],
  ["DateTime.fromISO('2024-10-27').endOf('day').toISO()", "2024-10-27T23:59:59.999+01:00"],
]);

table("zones", [
  ["$now.zoneName", "Europe/Berlin"],
  ["$now.setZone('Asia/Kolkata').toISO()", "2024-05-31T18:00:15.250+05:30"],
  ["$now.setZone('UTC+3').toISO()", "2024-05-31T15:30:15.250+03:00"],
  ["$now.setZone('utc').toISO()", "2024-05-31T12:30:15.250Z"],
  ["$now.setZone('Europe/London').toISO()", "2024-05-31T13:30:15.250+01:00"],
  ["DateTime.fromISO('2024-01-01', { zone: 'Europe/London' }).toISO()", "2024-01-01T00:00:00.000+00:00"],
  ["$now.setZone('America/New_York', { keepLocalTime: true }).toISO()", "2024-05-31T14:30:15.250-04:00"],
  ["$now.setZone('No/Where').isValid", false],
  ["$now.toUTC().toISO()", "2024-05-31T12:30:15.250Z"],
  ["DateTime.fromISO('2024-05-31T10:00+05:30', { setZone: true }).toISO()", "2024-05-31T10:00:00.000+05:30"],
  ["DateTime.fromISO('2024-05-31T10:00+05:30').toISO()", "2024-05-31T06:30:00.000+02:00"],
  ["[$now.offset, $now.isInDST, DateTime.fromISO('2024-01-05').offset]", [120, true, 60]],
  ["DateTime.utc(2024, 5, 31, 1).toISO()", "2024-05-31T01:00:00.000Z"],
  ["DateTime.local(2024, 5, 31).toISO()", "2024-05-31T00:00:00.000+02:00"],
  ["DateTime.local(2024, 5, 31, { zone: 'Asia/Tokyo' }).toISO()", "2024-05-31T00:00:00.000+09:00"],
  ["$today.toISO()", "2024-05-31T00:00:00.000+02:00"],
]);

table("reading", [
  ["DateTime.fromISO('2024').toISODate()", "2024-01-01"],
  ["DateTime.fromISO('2024-05').toISODate()", "2024-05-01"],
  ["DateTime.fromISO('20240531T101112').toISO()", "2024-05-31T10:11:12.000+02:00"],
  ["DateTime.fromISO('2024-W22-5').toISODate()", "2024-05-31"],
  ["DateTime.fromISO('2024-152').toISODate()", "2024-05-31"],
  ["DateTime.fromISO('10:15').toISO()", "2024-05-31T10:15:00.000+02:00"],
  ["DateTime.fromISO('2024-02-30').isValid", false],
  ["DateTime.fromISO('2024-13-01').toISO()", null],
  ["DateTime.fromISO('hello').isValid", false],
  ["DateTime.fromISO('2024-05-31T24:00').toISO()", "2024-06-01T00:00:00.000+02:00"],
  ["DateTime.fromISO('2024-05-31T10:00:00.123456Z').toMillis()", Date.UTC(2024, 4, 31, 10, 0, 0, 123)],
  ["DateTime.fromSQL('2024-05-31 10:00:00').toISO()", "2024-05-31T10:00:00.000+02:00"],
  ["DateTime.fromHTTP('Sun, 06 Nov 1994 08:49:37 GMT').toUTC().toISO()", "1994-11-06T08:49:37.000Z"],
  ["DateTime.fromRFC2822('Tue, 01 Nov 2016 13:23:12 +0630').toUTC().toISO()", "2016-11-01T06:53:12.000Z"],
  ["DateTime.fromFormat('31.05.2024', 'dd.MM.yyyy').toISODate()", "2024-05-31"],
  [
    "DateTime.fromFormat('May 31, 2024 9:05 PM', 'LLLL d, yyyy h:mm a').toISO()",
    "2024-05-31T21:05:00.000+02:00",
  ],
  ["DateTime.fromFormat('31 mai 2024', 'd LLLL yyyy', { locale: 'fr' }).toISODate()", "2024-05-31"],
  ["DateTime.fromFormat('5/3/24', 'M/d/yy').toISODate()", "2024-05-03"],
  ["DateTime.fromFormat('10:20', 'HH:mm').toISO()", "2024-05-31T10:20:00.000+02:00"],
  [
    "DateTime.fromFormat('2024-05-31 10:00 +05:30', 'yyyy-MM-dd HH:mm ZZ').toUTC().toISO()",
    "2024-05-31T04:30:00.000Z",
  ],
  ["DateTime.fromFormat('1717158615', 'X').toUTC().toISO()", "2024-05-31T12:30:15.000Z"],
  ["DateTime.fromFormat('nonsense', 'yyyy').isValid", false],
  ["DateTime.fromMillis(0).toISO()", "1970-01-01T01:00:00.000+01:00"],
  ["DateTime.fromSeconds(1.5).toMillis()", 1500],
  ["DateTime.fromObject({ year: 2024, month: 2 }).toISODate()", "2024-02-01"],
  ["'31 May 2024'.toDateTime().toUTC().toISO()", "2024-05-31T00:00:00.000Z"],
  ["'2024-05-31 10:00'.toDateTime().toISO()", "2024-05-31T10:00:00.000+02:00"],
  ["(0).toDateTime('s').toISO()", "1970-01-01T01:00:00.000+01:00"],
  ["(45443).toDateTime('excel').toUTC().toISODate()", "2024-05-31"],
]);

table("moving", [
  ["DateTime.fromISO('2024-01-31').plus({ months: 1 }).toISODate()", "2024-02-29"],
  ["DateTime.fromISO('2024-02-29').plus({ years: 1 }).toISODate()", "2025-02-28"],
  ["DateTime.fromISO('2024-01-31').plus({ months: 1, days: 1 }).toISODate()", "2024-03-01"],
  ["DateTime.fromISO('2024-03-31').minus({ months: 1 }).toISODate()", "2024-02-29"],
  ["DateTime.fromISO('2024-05-31').plus({ quarters: 1 }).toISODate()", "2024-08-31"],
  ["DateTime.fromISO('2024-05-31').plus(2, 'weeks').toISODate()", "2024-06-14"],
  ["DateTime.fromISO('2024-05-31T00:00Z').plus(1000).toMillis()", Date.UTC(2024, 4, 31, 0, 0, 1)],
  ["DateTime.fromISO('2024-05-31').plus({ days: 1.5 }).toISO()", "2024-06-01T12:00:00.000+02:00"],
  ["$now.startOf('week').toISODate()", "2024-05-27"],
  ["$now.startOf('month').toISODate()", "2024-05-01"],
  ["$now.startOf('quarter').toISODate()", "2024-04-01"],
  ["$now.startOf('year').toISO()", "2024-01-01T00:00:00.000+01:00"],
  ["$now.startOf('minute').toISO()", "2024-05-31T14:30:00.000+02:00"],
  ["$now.endOf('month').toISO()", "2024-05-31T23:59:59.999+02:00"],
  ["$now.endOf('week').toISODate()", "2024-06-02"],
  ["DateTime.fromISO('2024-02-10').endOfMonth().toISODate()", "2024-02-29"],
  ["$now.set({ month: 2 }).toISODate()", "2024-02-29"],
  ["$now.set({ weekday: 1 }).toISODate()", "2024-05-27"],
  ["$now.set({ ordinal: 1 }).toISODate()", "2024-01-01"],
  ["$now.set({ weekNumber: 1, weekday: 1 }).toISODate()", "2024-01-01"],
]);

table("differences", [
  ["DateTime.fromISO('2024-05-31').diff(DateTime.fromISO('2024-01-01'), 'days').days", 151],
  [
    "DateTime.fromISO('2024-05-31').diff(DateTime.fromISO('2024-01-01'), ['months', 'days']).toObject()",
    { months: 4, days: 30 },
  ],
  [
    "DateTime.fromISO('2024-01-01').diff(DateTime.fromISO('2024-05-31'), ['months', 'days']).toObject()",
    { months: -4, days: -30 },
  ],
  ["DateTime.fromISO('2024-04-01').diff(DateTime.fromISO('2024-03-31'), 'hours').hours", 23],
  ["DateTime.fromISO('2024-04-01').diff(DateTime.fromISO('2024-03-31'), 'days').days", 1],
  [
    "DateTime.fromISO('2024-05-31T12:00').diff(DateTime.fromISO('2024-05-30'), ['days', 'hours', 'minutes']).toObject()",
    { days: 1, hours: 12, minutes: 0 },
  ],
  ["DateTime.fromISO('2024-02-29').diff(DateTime.fromISO('2023-02-28'), 'years').years", 1 + 1 / 366],
  ["DateTime.fromISO('2024-03-01').diff(DateTime.fromISO('2024-01-31'), 'months').months", 1 + 1 / 31],
  ["DateTime.fromISO('2024-05-31T01:00Z').diff(DateTime.fromISO('2024-05-31T00:00Z')).toMillis()", 3_600_000],
  ["DateTime.fromISO('2024-01-01').diffTo('2024-01-11')", 10],
  ["DateTime.fromISO('2024-01-01').diffTo('2024-03-01', 'months')", 2],
  ["$now.minus({ days: 3 }).diffToNow('days')", 3],
  ["$now.plus({ hours: 3 }).diffNow('hours').hours", 3],
  ["$now.plus({ days: 1 }).diff($now, ['days', 'hours'])", "P1D"],
]);

table("comparing", [
  ["$now > $now.minus({ days: 1 })", true],
  ["$now - $now.minus({ seconds: 1 })", 1000],
  ["$now.toUTC() <= $now && $now.toUTC() >= $now", true],
  ["$now.hasSame($now.plus({ hours: 1 }), 'day')", true],
  ["$now.hasSame($now.plus({ hours: 10 }), 'day')", false],
  ["$now.equals($now.toUTC())", false],
  ["$now.equals($now.plus({ hours: 0 }))", true],
  ["$now.isBetween('2024-01-01', '2025-01-01')", true],
  ["$now.minus({ minutes: 5 }).isInLast(10, 'minutes')", true],
  ["DateTime.fromISO('2024-06-01').isWeekend()", true],
  ["DateTime.max(DateTime.fromISO('2024-01-01'), $now).year", 2024],
  ["[$now].includes($now)", false],
  ["'' + $now", "2024-05-31T14:30:15.250+02:00"],
  ["[$now, new Date(0)].map(d => typeof d)", ["object", "object"]],
]);

table("parts", [
  [
    "[$now.year, $now.month, $now.day, $now.hour, $now.minute, $now.second, $now.millisecond]",
    [2024, 5, 31, 14, 30, 15, 250],
  ],
  [
    "[$now.weekday, $now.weekNumber, $now.weekYear, $now.ordinal, $now.quarter, $now.daysInMonth]",
    [5, 22, 2024, 152, 2, 31],
  ],
  [
    "[DateTime.fromISO('2021-01-03').weekNumber, DateTime.fromISO('2021-01-03').weekYear, DateTime.fromISO('2020-06-01').weeksInWeekYear]",
    [53, 2020, 53],
  ],
  ["[$now.monthLong, $now.weekdayShort, $now.isInLeapYear]", ["May", "Fri", true]],
  ["[$now.extract('week'), $now.extract('month'), $now.get('day')]", [22, 5, 31]],
  [
    "[DateTime.fromISO('x').year, DateTime.fromISO('x').toISO(), DateTime.fromISO('x').plus({ days: 1 }).isValid]",
    [null, null, false],
  ],
]);

table("writing", [
  ["$now.toFormat('yyyy-MM-dd HH:mm:ss.SSS ZZ')", "2024-05-31 14:30:15.250 +02:00"],
  ["$now.toFormat(\"d/M/yy h:mm a 'o''clock' z\")", "31/5/24 2:30 PM oclock Europe/Berlin"],
  [
    "$now.toFormat('cccc ccc c LLLL LLL EEEE ooo kkkk-WW q X x')",
    "Friday Fri 5 May May Friday 152 2024-22 2 1717158615 1717158615250",
  ],
  ["$now.format('dd.MM.yyyy')", "31.05.2024"],
  ["$now.setLocale('fr').toFormat('d MMMM yyyy, cccc')", "31 mai 2024, vendredi"],
  ["$now.toISODate()", "2024-05-31"],
  ["$now.toISOTime({ includeOffset: false, suppressMilliseconds: true })", "14:30:15.250"],
  ["$now.toISO({ suppressMilliseconds: true, format: 'basic' })", "20240531T143015.250+0200"],
  ["$now.toISOWeekDate()", "2024-W22-5"],
  ["$now.toSQL()", "2024-05-31 14:30:15.250 +02:00"],
  ["$now.toHTTP()", "Fri, 31 May 2024 12:30:15 GMT"],
  ["$now.toLocaleString()", "5/31/2024"],
  ["$now.toLocaleString(DateTime.DATE_MED)", "May 31, 2024"],
  ["$now.toSeconds()", 1717158615.25],
  ["$now.toJSDate().toISOString()", "2024-05-31T12:30:15.250Z"],
  ["$now.minus({ days: 2 }).toRelative()", "2 days ago"],
  ["$now.toObject()", { year: 2024, month: 5, day: 31, hour: 14, minute: 30, second: 15, millisecond: 250 }],
]);

table("durations", [
  ["Duration.fromObject({ hours: 2, minutes: 30 }).as('minutes')", 150],
  ["Duration.fromMillis(5400000).toFormat('hh:mm:ss')", "01:30:00"],
  ["Duration.fromISO('P1DT2H').toObject()", { days: 1, hours: 2 }],
  ["Duration.fromObject({ days: 1, hours: 2 })", "P1DT2H"],
  [
    "Duration.fromMillis(90061000).shiftTo('days', 'hours', 'minutes', 'seconds').toHuman()",
    "1 day, 1 hour, 1 minute, 1 second",
  ],
  ["$now.plus(Duration.fromISO('PT1H')).hour", 15],
]);

table("JavaScript dates, in UTC", [
  ["new Date('2024-05-31T10:00').getHours()", 10],
  ["new Date('2024-05-31').toDateTime().toISO()", "2024-05-31T02:00:00.000+02:00"],
  ["new Date('2024-05-31').format('yyyy/MM/dd')", "2024/05/31"],
  ["new Date('2024-05-31T23:00Z').plus({ days: 1 }).toISODate()", "2024-06-02"],
  ["new Date('nonsense')", null],
  ["new Date('2024-05-31').toLocaleDateString('de-DE')", "31.5.2024"],
  [
    "new Date('2024-05-31T10:00Z').toLocaleTimeString('en-GB', { timeZone: 'America/New_York', hour: '2-digit', minute: '2-digit' })",
    "06:00",
  ],
]);
