// Schedules through the API: made, changed, fired, explained.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import pg from "pg";
import { runningServer, until } from "../testing/runningServer.ts";
import { hello } from "../testing/workflows.ts";

const server = await runningServer({ after });
await server.call("POST", "/api/v1/workflows", hello);

const path = "/api/v1/schedules";
const call = (method: string, at: string, body?: unknown, headers?: Record<string, string>) =>
  server.call(method, at, body, headers);
const daily = { name: "daily", workflow: "hello", cron: "0 9 * * *", timezone: "Europe/Berlin" };

test("preview: strictly after `from`, both clock changes explained", async () => {
  const preview = async (body: Record<string, unknown>) => {
    const { json } = await call("POST", `${path}/preview`, { timezone: "Europe/Berlin", ...body });
    return json;
  };
  const gap = await preview({ cron: "30 2 * * *", from: "2026-03-28T01:30:00Z", count: 2 });
  assert.deepEqual(
    gap.fires.map((fire: { at: string; local: string }) => [fire.at, fire.local]),
    [
      ["2026-03-29T01:00:00.000Z", "2026-03-29T03:00:00+02:00"],
      ["2026-03-30T00:30:00.000Z", "2026-03-30T02:30:00+02:00"],
    ],
  );
  assert.match(gap.fires[0].note, /02:30 does not exist on 2026-03-29/);
  const skip = await preview({ cron: "30 2 * * *", gap: "skip", from: "2026-03-28T12:00:00Z", count: 1 });
  assert.equal(skip.fires[0].at, "2026-03-30T00:30:00.000Z");
  assert.match(skip.skipped[0].reason, /does not exist/);
  const both = await preview({ cron: "30 2 * * *", repeat: "both", from: "2026-10-24T12:00:00Z", count: 2 });
  assert.deepEqual(
    both.fires.map(({ at }: { at: string }) => at),
    ["2026-10-25T00:30:00.000Z", "2026-10-25T01:30:00.000Z"],
  );
});

test("a wrong rule is refused with the field, the place and what to do", async () => {
  const reply = await call("POST", `${path}/preview`, { cron: "0 9 * * MON,FRX" });
  assert.equal(reply.status, 422);
  assert.equal(reply.json.code, "SCHEDULE_INVALID");
  const [problem] = reply.json.problems;
  assert.equal(problem.code, "CRON_FIELD_INVALID");
  assert.equal(problem.field, "cron");
  assert.equal(problem.position, 12);
  assert.match(problem.message, /day of week.*"FRX"/);
  for (const [body, code] of [
    [{}, "SCHEDULE_RULE"],
    [{ cron: "* * * * *", interval: 5 }, "SCHEDULE_RULE"],
    [{ cron: "0 0 30 2 *" }, "CRON_NEVER"],
    [{ interval: "soon" }, "INTERVAL_INVALID"],
    [{ rrule: "FREQ=DAILY;BYEASTER=3" }, "RRULE_PART_UNKNOWN"],
    [{ cron: "* * * * *", timezone: "Mars/Base" }, "TIMEZONE_UNKNOWN"],
    [{ cron: "* * * * *", excludeDates: ["2026-02-30"] }, "DATE_INVALID"],
    [{ cron: "* * * * *", excludeCalendars: ["none"] }, "CALENDAR_UNKNOWN"],
    [{ cron: "* * * * *", start: "2026-02-02", end: "2026-02-01" }, "END_BEFORE_START"],
  ] as const) {
    const { status, json } = await call("POST", `${path}/preview`, body);
    assert.deepEqual([status, json.problems[0].code], [422, code]);
    assert.ok(json.problems[0].remedy.length > 5);
  }
});

test("a schedule is made, read, listed, replaced under its etag, paused, resumed and deleted", async () => {
  const made = await call("POST", path, { ...daily, input: { name: "Ada" }, overlap: "allow" });
  assert.equal(made.status, 201, made.text);
  const { id, etag, nextFireAt } = made.json;
  assert.equal(made.json.status, "active");
  assert.equal(made.json.missed, "last");
  assert.match(nextFireAt, /T0[78]:00:00/);
  assert.deepEqual((await call("GET", `${path}/${id}`)).json, made.json);
  assert.ok((await call("GET", path)).json.items.some((one: { id: string }) => one.id === id));

  const stale = await call("PUT", `${path}/${id}`, daily, { "if-match": '"77"' });
  assert.deepEqual([stale.status, stale.json.code], [409, "SCHEDULE_CHANGED"]);
  const put = await call("PUT", `${path}/${id}`, { ...daily, cron: "0 10 * * *" }, { "if-match": etag });
  assert.equal(put.status, 200, put.text);
  assert.notEqual(put.json.nextFireAt, nextFireAt);
  assert.equal(put.json.input, undefined);

  const paused = await call("POST", `${path}/${id}/pause`, { reason: "holidays" });
  assert.deepEqual(
    [paused.json.status, paused.json.pauseReason, paused.json.nextFireAt],
    ["paused", "holidays", null],
  );
  assert.equal((await call("GET", `${path}?status=paused`)).json.items.length, 1);
  assert.equal((await call("POST", `${path}/${id}/resume`)).json.status, "active");
  assert.equal((await call("DELETE", `${path}/${id}`)).status, 204);
  assert.equal((await call("GET", `${path}/${id}`)).status, 404);
});

test("an unknown workflow, an unknown field and a draft are refused", async () => {
  assert.equal((await call("POST", path, { ...daily, workflow: "nobody" })).status, 404);
  assert.equal((await call("POST", path, { ...daily, crno: 1 })).json.code, "BODY_INVALID");
  await server.call("POST", "/api/v1/workflows?publish=0", { ...hello, name: "only a draft" });
  assert.equal((await call("POST", path, { ...daily, workflow: "only a draft" })).json.code, "NOT_PUBLISHED");
});

test("it fires every second, and each execution is the fire it says", async () => {
  const { json } = await call("POST", path, {
    ...daily,
    name: "ticking",
    cron: "* * * * * *",
    overlap: "allow",
    input: { name: "Ada" },
  });
  const fires = await until(async () => {
    const { items } = (await call("GET", `${path}/${json.id}/fires`)).json;
    return items.filter((one: { ended: string }) => one.ended === "succeeded").length >= 3 && items;
  });
  await call("DELETE", `${path}/${json.id}`);
  const dues = fires.map(({ due }: { due: string }) => Date.parse(due));
  assert.equal(new Set(dues).size, dues.length);
  for (const { due, firedAt } of fires) assert.ok(Date.parse(firedAt) >= Date.parse(due));
  const execution = (await call("GET", `/api/v1/executions/${fires[2].executionId}`)).json;
  assert.equal(execution.output.greeting ?? execution.output[0]?.greeting, "Hello Ada");
  const input = (await call("GET", `/api/v1/executions/${fires[2].executionId}/input`)).json;
  const item = Array.isArray(input) ? input[0] : input;
  assert.equal((item.json ?? item).scheduledAt, fires[2].due);
});

test("fired by hand: once per key, also while paused", async () => {
  const { json } = await call("POST", path, { ...daily, name: "by hand", paused: true });
  const first = await call("POST", `${path}/${json.id}/trigger`, undefined, { "idempotency-key": "one" });
  assert.equal(first.status, 202, first.text);
  const again = await call("POST", `${path}/${json.id}/trigger`, undefined, { "idempotency-key": "one" });
  assert.equal(again.json.executionId, first.json.executionId);
  const [fire, ...more] = await until(async () => {
    const { items } = (await call("GET", `${path}/${json.id}/fires`)).json;
    return items[0]?.ended === "succeeded" && items;
  });
  assert.deepEqual([fire.kind, fire.executionId, more.length], ["manual", first.json.executionId, 0]);
});

test("a calendar keeps its days free, and schedules follow when it changes", async () => {
  const put = await call("PUT", `${path}/calendars/holidays`, { dates: ["12-25", "2026-12-26"] });
  assert.equal(put.status, 200, put.text);
  const body = { cron: "0 9 * * *", excludeCalendars: ["holidays"], from: "2026-12-24T12:00:00Z", count: 1 };
  const preview = await call("POST", `${path}/preview`, body);
  assert.equal(preview.json.fires[0].at, "2026-12-27T09:00:00.000Z");
  assert.deepEqual(
    preview.json.skipped.map(({ reason }: { reason: string }) => reason),
    ['12-25 is in the calendar "holidays".', '2026-12-26 is in the calendar "holidays".'],
  );
  const made = await call("POST", path, { ...daily, name: "free days", excludeCalendars: ["holidays"] });
  const today = made.json.nextFireAt.slice(0, 10);
  await call("PUT", `${path}/calendars/holidays`, { dates: [today] });
  const after = (await call("GET", `${path}/${made.json.id}`)).json.nextFireAt;
  assert.ok(after.slice(0, 10) > today);
  assert.equal((await call("DELETE", `${path}/calendars/holidays`)).json.code, "CALENDAR_IN_USE");
  await call("DELETE", `${path}/${made.json.id}`);
  assert.equal((await call("DELETE", `${path}/calendars/holidays`)).status, 204);
});

test("backfill: only what is missing, or all of it, each once", async () => {
  const { json } = await call("POST", path, { ...daily, name: "backfilled", timezone: "UTC" });
  const range = { from: "2026-01-01T00:00:00Z", to: "2026-01-05T23:00:00Z" };
  const fill = async (more: object) => {
    const reply = await call("POST", `${path}/${json.id}/backfill`, { ...range, ...more });
    return [reply.status, reply.json.count];
  };
  assert.deepEqual(await fill({}), [202, 5]);
  const ended = (count: number) =>
    until(async () => {
      const { items } = (await call("GET", `${path}/${json.id}/fires`)).json;
      return items.filter((one: { ended: string }) => one.ended === "succeeded").length === count && items;
    });
  const fires = await ended(5);
  assert.deepEqual(fires.map(({ due, kind }: { due: string; kind: string }) => [due, kind]).at(-1), [
    "2026-01-01T09:00:00.000Z",
    "backfill",
  ]);
  assert.deepEqual(await fill({}), [202, 0]);
  assert.deepEqual(await fill({ which: "all", overlap: "allow" }), [202, 5]);
  await ended(10);
  const future = await call("POST", `${path}/${json.id}/backfill`, { ...range, to: "2199-01-01T00:00:00Z" });
  assert.equal(future.json.problems[0].code, "RANGE_IN_FUTURE");
  const many = await call("PUT", `${path}/${json.id}`, { ...daily, interval: 1, cron: undefined });
  assert.equal(many.status, 200, many.text);
  const tooMany = await call("POST", `${path}/${json.id}/backfill`, range);
  assert.equal(tooMany.json.problems[0].code, "BACKFILL_TOO_LARGE");
  await call("DELETE", `${path}/${json.id}`);
});

test("a trigger brings its schedule, keeps it while its rule stays, and takes it along", async () => {
  const workflow = (config: object) => ({
    name: "by the clock",
    nodes: [
      { id: "clock", type: "trigger.schedule", config },
      { id: "keep", type: "set", config: { fields: { zone: "{{ $json.timezone }}" } } },
    ],
    connections: [{ from: "clock", to: "keep" }],
  });
  const made = await call("POST", "/api/v1/workflows", workflow({ every: 1, timezone: "Asia/Kolkata" }));
  assert.equal(made.status, 201, made.text);
  const { id } = made.json;
  const schedules = async () => (await call("GET", `${path}?workflow=${id}`)).json.items;
  const [schedule] = await schedules();
  assert.deepEqual([schedule.managed, schedule.trigger, schedule.interval], [true, "clock", 1]);
  const fire = await until(async () =>
    (await call("GET", `${path}/${schedule.id}/fires`)).json.items.find(
      (one: { ended: string }) => one.ended === "succeeded",
    ),
  );
  const { output } = (await call("GET", `/api/v1/executions/${fire.executionId}`)).json;
  assert.equal((output[0] ?? output).zone, "Asia/Kolkata");
  const refused = await call("DELETE", `${path}/${schedule.id}`);
  assert.equal(refused.json.code, "SCHEDULE_MANAGED");

  const publish = async (config: object) => {
    await call("PUT", `/api/v1/workflows/${id}/draft`, workflow(config));
    return call("POST", `/api/v1/workflows/${id}/publish`);
  };
  await publish({ cron: "0 3 1 1 *" });
  const [changed, ...none] = await schedules();
  assert.deepEqual(
    [changed.id, changed.cron, changed.interval, none.length],
    [schedule.id, "0 3 1 1 *", undefined, 0],
  );
  const wrong = await publish({ cron: "0 3 1 1 *", excludeCalendars: ["none"] });
  assert.deepEqual([wrong.status, wrong.json.problems[0].node], [422, "clock"]);
  await call("POST", `/api/v1/workflows/${id}/unpublish`);
  assert.equal((await schedules()).length, 0);
});

test("what comes up: in order, of active schedules; dense ones are counted", async () => {
  const make = async (body: Record<string, unknown>) =>
    (await call("POST", path, { workflow: "hello", timezone: "UTC", ...body })).json;
  const nine = await make({ name: "at nine", cron: "0 9 * * *\n0 21 * * SUN" });
  const dense = await make({ name: "every minute", cron: "* * * * *" });
  await make({ name: "asleep", cron: "0 10 * * *", paused: true });
  const { status, json } = await call(
    "GET",
    `${path}/upcoming?from=2031-03-01T00:00:00Z&to=2031-03-03T00:00:00Z`,
  );
  assert.equal(status, 200);
  assert.equal(json.isComplete, true);
  assert.deepEqual(
    json.items
      .filter((one: { scheduleId: string }) => one.scheduleId === nine.id)
      .map((one: { at: string }) => one.at),
    ["2031-03-01T09:00:00.000Z", "2031-03-02T09:00:00.000Z", "2031-03-02T21:00:00.000Z"],
  );
  assert.ok(!json.items.some(({ name }: { name: string }) => name === "asleep"));
  assert.deepEqual(
    json.dense.find((one: { scheduleId: string }) => one.scheduleId === dense.id),
    { scheduleId: dense.id, name: "every minute", perDay: 1440, firstAt: "2031-03-01T00:01:00.000Z" },
  );
  const often = await make({ name: "of an office day", cron: "*/5 9-17 * * *" });
  const office = await call("GET", `${path}/upcoming?from=2031-03-01T12:00:00Z&to=2031-03-02T12:00:00Z`);
  const found = office.json.dense.find((one: { scheduleId: string }) => one.scheduleId === often.id);
  assert.deepEqual([found.perDay, found.firstAt], [108, "2031-03-01T12:05:00.000Z"]);
  const hour = await call("GET", `${path}/upcoming?from=2031-03-01T12:00:00Z&to=2031-03-01T12:30:00Z`);
  const listed = hour.json.items.filter((one: { scheduleId: string }) => one.scheduleId === often.id);
  assert.deepEqual([listed.length, hour.json.dense.length], [6, 1]);
  const long = await call("GET", `${path}/upcoming?from=2031-03-01&to=2032-03-01`);
  assert.deepEqual([long.status, long.json.problems[0].code], [422, "TIME_INVALID"]);
});

test("of very many schedules those that are due first are shown, up to where nothing is missing", async () => {
  const make = async (name: string, cron: string) =>
    (await call("POST", path, { workflow: "hello", timezone: "UTC", name, cron })).json;
  const soonest = await make("soonest", "0 0 1 1 *");
  const model = await make("model", "0 6 1 1 *");
  const client = new pg.Client({ connectionString: server.database.url });
  await client.connect();
  try {
    await client.query(
      `INSERT INTO schedules SELECT made.* FROM schedules r, generate_series(1, 600) i, LATERAL jsonb_populate_record(
         NULL::schedules, to_jsonb(r) || jsonb_build_object('id', gen_random_uuid(), 'name', 'one of many ' || i)) made
       WHERE r.id = $1`,
      [model.id],
    );
    const from = new Date(Date.parse(soonest.nextFireAt) - 60_000).toISOString();
    const to = new Date(Date.parse(soonest.nextFireAt) + 30 * 86_400_000).toISOString();
    const { json } = await call("GET", `${path}/upcoming?from=${from}&to=${to}`);
    assert.equal(json.isComplete, false);
    assert.ok(json.items.some((one: { scheduleId: string }) => one.scheduleId === soonest.id));
    // Some of those that fire at six are left out: what comes later is not said to be all.
    assert.equal(json.items.at(-1).at, model.nextFireAt);
  } finally {
    await client.query("DELETE FROM schedules WHERE name LIKE 'one of many %'");
    await client.end();
  }
});
