// The sentences that the server says of what it does: why something waits, what an alert found, what is special about a
// fire. They travel twice, as English text and as parts: the code of each sentence with the values that stand in it, from
// which a page makes the sentence of its reader's language. Codes are stable, and a sentence keeps its parameters.
import { z } from "./zod.ts";

/** By code; `{name}` is a parameter. With `one`, the parameter `count` decides between both. */
export const sentences = {
  // ---- alerts
  "alert.failing.title": '"{workflow}" fails: {failed} of {total} executions',
  "alert.failing.share":
    "In the last {minutes} min {percent} % failed; the rule allows less than {allowedPercent} %.",
  "alert.failing.shareWithError":
    "In the last {minutes} min {percent} % failed, most recently with {error}; the rule allows less than {allowedPercent} %.",
  "alert.slow.title": '"{workflow}" is slow: {seconds} s',
  "alert.slow.detail":
    "Of {total} executions in the last {minutes} min the {percentile}th percentile took {seconds} s; the rule allows {allowedSeconds} s.",
  "alert.silent.title": 'The schedule "{schedule}" is silent',
  "alert.silent.never": "It has never succeeded.",
  "alert.silent.last": "Its last success was at {at}.",
  "alert.silent.paused": "It is paused.",
  "alert.silent.due": "It was due at {at}.",
  "alert.approval.title": '"{title}" waits for an approval',
  "alert.approval.detail": 'Nobody has answered since {at}, in "{workflow}".',
  "alert.connection.expired": 'The connection "{connection}" has expired',
  "alert.connection.expires": 'The connection "{connection}" expires soon',
  "alert.connection.lost": 'The connection "{connection}" must be allowed again',
  "alert.connection.expiredAt": "It expired at {at}.",
  "alert.connection.expiresAt": "It expires at {at}.",
  "alert.connection.lostAt": "The service has not renewed the access since {at}.",
  "alert.trouble.busy": "The database was busy: {message}",
  "alert.trouble.lost": "The connection to the database was lost: {message}",
  "alert.trouble.full": "The disk of the database is full: {message}",
  "alert.trouble.corrupt": "The database found its files damaged: {message}",
  "alert.trouble.data": "A value does not fit: {message}",
  "alert.trouble.other": "{message}",
  "finding.kind.stuffing": "Somebody tries passwords",
  "finding.kind.newPlace": "A key is used from a new place",
  "finding.kind.massExport": "Unusually much is read",
  "finding.fromOnePlace":
    "{failed} sign-ins from {place} failed within ten minutes, to {accounts} accounts; {succeeded} succeeded.",
  "finding.ofOneAccount":
    "The password of one account is tried from many places: {failed} sign-ins from {places} networks failed within an hour.",
  "finding.fromEverywhere":
    "Passwords are tried from many places at once: {failed} sign-ins to {accounts} accounts from {places} networks failed within ten minutes.",
  "finding.newPlace": "{actor} was used from {place}, until now from one other network only.",
  "finding.twoPlaces": "{actor} was used from {place}, and from another network in between.",
  "finding.massExport":
    "{actor} read {things} different things and exported {exports} times within an hour; the most until now: {usualThings} and {usualExports}.",

  // ---- places of pools and workflows
  "pool.missing": 'There is no pool "{pool}": make it, and it goes on.',
  "pool.paused": 'The pool "{pool}" is paused.',
  "pool.tooSmall": 'It needs {needed} places of "{pool}", which has {slots}: raise them.',
  "pool.taken": '{used} of {slots} places of "{pool}" are taken, and it needs {needed}.',
  "pool.rate": '"{pool}" starts {starts} in {seconds} s, and has; the next one at {at}.',
  "pool.before": { one: "{count} comes first.", other: "{count} come first." },
  "pool.soon": "It is about to start.",
  "workflow.full": {
    one: '"{workflow}" has {count} open execution at a time, and has them.',
    other: '"{workflow}" has {count} open executions at a time, and has them.',
  },
  "workflow.fullForKey": {
    one: '"{workflow}" has {count} open execution for "{key}" at a time, and has them.',
    other: '"{workflow}" has {count} open executions for "{key}" at a time, and has them.',
  },
  "workflow.sick": "{failures} executions in a row failed; the last: {message}",
  "workflow.pausedBy": "by {actor}",

  // ---- parts of the server
  "health.server.ending": "the server is ending",
  "health.engine.restored":
    "restored from the backup {backup}: look, then release it (auraos restore --release)",
  "health.engine.starting": "the engine is starting",
  "health.engine.recovering": "the engine takes up what was running",
  "health.engine.standby": "another engine leads; this one stands by",
  "health.engine.failing": "the engine cannot write",
  "health.engine.stopping": "the engine is stopping",
  "health.engine.stopped": "the engine has stopped",
  "health.database.silent": "no answer in {seconds} s",
  "health.database.unreachable": "cannot be reached",
  "health.disk.unmeasured": "the data folder cannot be measured",
  "health.disk.full": "{percent} % free",
  "health.disk.low": "{percent} % free: no new executions until {wantedPercent} % are",

  // ---- connections that were tried
  "connection.tested.answered": "{host} answered.",
  "connection.tested.answeredWith": "{host} answered {status}.",
  "connection.tested.tookKey": "{host} accepts the key.",
  "connection.tested.tookPassword": "{host} answered and accepted the password.",
  "connection.tested.letIn": "{service} let {user} in.",
  "connection.tested.token": "The service gave an access token.",

  // ---- backups and drills
  "backup.trouble.backup": "backup:",
  "backup.trouble.drill": "drill:",
  "backup.interrupted": "the server ended meanwhile",
  "backup.archive.waiting": "{number} WAL segments wait to be archived",
  "backup.disk.full": "There is no room left for {path} ({error}). Make room on that disk.",
  "backup.disk.denied":
    "The account of the server may not use {path} ({error}). Give it the right to read and write there.",
  "backup.disk.readOnly": "{path} can only be read ({error}). Mount its disk for writing.",
  "backup.damaged.head":
    "{file} does not begin as a file of a backup ({path}). It is not used; take another backup, or a copy of this file.",
  "backup.damaged.frame":
    "{file} frame {number} is damaged or missing ({path}). It is not used; take another backup, or a copy of this file.",
  "backup.damaged.tail":
    "{file} goes on after its end ({path}). It is not used; take another backup, or a copy of this file.",
  "backup.damaged.cut":
    "{file} ends in the middle of {name} ({path}). It is not used; take another backup, or a copy of this file.",
  "backup.damaged.record":
    "{file} has a record that is none, after {name} ({path}). It is not used; take another backup, or a copy of this file.",
  "backup.damaged.outside":
    "{file} names a file outside of its folder ({path}). It is not used; take another backup, or a copy of this file.",
  "backup.damaged.at": "The damage is at or after {name}.",
  "backup.why.format":
    "{path} has a form that this release does not know. Use the release that made it, or a newer one.",
  "backup.why.key":
    "{file} was sealed with the backup key {key}, and known here: {keys}. Put the backup.key that belongs to it into the data folder, name it with --key FILE, or set AURAOS_BACKUP_KEY.",
  "backup.why.notFound":
    "There is no backup {backup} in {folder}. `auraos backup list` names those there are.",
  "backup.why.walGone": "The WAL of the backup ({first} to {last}) is not there any more.",
  "backup.why.walMissing":
    "The WAL segment {segment} is not in {folder}, although later ones are: after {last} the archive cannot be followed. Bring the file back, restore a later backup, or restore exactly this one with --id {backup} --exact.",
  "backup.why.foreign":
    "{folder} has the backups of another database ({other}; this one is {own}). Set AURAOS_BACKUP_DIR to a folder of its own.",
  "backup.why.twoDatabases":
    "{path} is there with other content: two databases with the same origin write into this backup folder. Set AURAOS_BACKUP_DIR to a folder of its own for one of them.",
  "backup.why.noAnswer": "The database gave no answer.",
  "backup.why.tablespace":
    "The database has a tablespace of its own ({name}), which these backups do not follow. Move its tables back.",
  "backup.why.space":
    "The drill needs {neededMegabytes} MB beside the data, and {freeMegabytes} MB are free. Make room on that disk.",
  "backup.why.different": "The backup {backup} did not come back as it was: {problems}",
  "backup.why.noStart": "{message}",

  // ---- runs of tasks
  "task.paused": "The task is paused.",
  "task.overlap": "Run {run} is still open (overlap: skip).",
  "task.notBefore": "Not before {at}.",
  "task.window.never": "Its window never opens.",
  "task.window.opens": "Its window ({from} to {to} {timezone}) opens at {at}.",
  "task.deadlinePassed": "It had to start by {at}, and did not. (DEADLINE_PASSED)",
  "task.need.notRun": '"{task}" has not run yet.',
  "task.need.notEnded": '"{task}" has not ended yet.',
  "task.need.old": 'The last run of "{task}" is older than {seconds} s.',
  "task.need.succeeded": '"{task}" succeeded, and {wanted} was wanted.',
  "task.need.failed": '"{task}" failed, and {wanted} was wanted.',
  "task.need.cancelled": '"{task}" was cancelled, and {wanted} was wanted.',
  "task.need.skipped": '"{task}" was skipped, and {wanted} was wanted.',
  "task.need.more": "And {number} more.",
  "task.need.runsAnyway": "Runs all the same:",
  "task.need.waitsForNew": "It waits for a new run.",
  "task.need.unmet": "(DEPENDENCY_UNMET)",
  "task.cancelledBy": "Cancelled by {actor}.",
  "task.againBy": "Run again by {actor}.",
  "task.execution.cancelled": "Its execution was cancelled.",
  "task.execution.terminated": "Its execution was terminated.",
  "task.failure.ignored": "Failure ignored: {message} ({error})",
  "task.failure.ruleRetry": "The rule for {rule} says retry.",
  "task.failure.ruleIgnore": "The rule for {rule} says ignore.",
  "task.failure.ruleFail": "The rule for {rule} says fail.",
  "task.failure.ruleFallback": "The rule for {rule} says fallback.",
  "task.failure.anyRetry": "The rule for every failure says retry.",
  "task.failure.anyIgnore": "The rule for every failure says ignore.",
  "task.failure.anyFail": "The rule for every failure says fail.",
  "task.failure.anyFallback": "The rule for every failure says fallback.",
  "task.failure.noAttempt": "No further attempt is wanted.",
  "task.failure.same": "Another attempt would fail the same way ({error}).",
  "task.failure.allMade": "All {attempts} attempts were made.",
  "task.failure.again": "Attempt {attempt} of {attempts} in {seconds} s.",
  "task.order.best": "The order of now is the best that was found.",
  "task.order.deadlineFirst": "By earliest deadline first.",
  "task.order.slackFirst": "By least slack first.",
  "task.order.criticalFirst": "By critical path first.",
  "task.order.priorityPerDuration": "By priority per duration.",
  "task.order.priorityFirst": "By priority first.",
  "task.order.deadline": "Deadline in {seconds} s.",
  "task.order.priority": "Priority {priority}.",
  "task.order.tail": "{seconds} s of work hang on it.",

  // ---- fires of schedules
  "fire.excluded": "{date} is excluded.",
  "fire.inCalendar": '{date} is in the calendar "{calendar}".',
  "fire.gapSkipped": "{time} does not exist on {date}: clocks go from {from} to {to}.",
  "fire.gapAfter": "{time} does not exist on {date}: clocks go from {from} to {to}; fires right after.",
  "fire.dayGoneSkipped": "{time} does not exist on {date}: the calendar jumps over the day.",
  "fire.dayGoneAfter": "{time} does not exist on {date}: the calendar jumps over the day; fires right after.",
  "fire.twice.first": "{time} comes twice on {date}; this is the first.",
  "fire.twice.second": "{time} comes twice on {date}; this is the second.",
  "fire.twice.firstUnwanted":
    "{time} comes twice on {date}; this is the first, and the schedule wants the second.",
  "fire.twice.secondUnwanted":
    "{time} comes twice on {date}; this is the second, and the schedule wants the first.",
  "fire.jitter": "Due {local}, delayed by {seconds} s of jitter.",
  "fire.open.cancelled": "Execution {execution} is still open; it is cancelled.",
  "fire.open.terminated": "Execution {execution} is still open; it is terminated.",
  "fire.open.skipped": "Execution {execution} is still open (overlap: skip).",
  "fire.open.oneWaits":
    "Execution {execution} is still open, and one fire waits already (overlap: bufferOne).",
  "fire.open.manyWait": "Execution {execution} is still open, and {number} fires wait already.",
  "fire.open.waits": "Execution {execution} is still open; waits for it (overlap: {policy}).",
  "fire.open.backfill": "Execution {execution} is still open (backfill with overlap: skip).",
  "fire.queue.cancelled": "Fires from before still wait; it is cancelled.",
  "fire.queue.terminated": "Fires from before still wait; it is terminated.",
  "fire.queue.skipped": "Fires from before still wait (overlap: skip).",
  "fire.queue.oneWaits": "Fires from before still wait, and one fire waits already (overlap: bufferOne).",
  "fire.queue.manyWait": "Fires from before still wait, and {number} fires wait already.",
  "fire.queue.waits": "Fires from before still wait; waits for it (overlap: {policy}).",
  "fire.due.one": "Due at {at}.",
  "fire.due.many": "{number} fires, due from {from} to {to}.",
  "fire.due.more": "{number} fires and more, due from {from} to {to}.",
  "fire.missed.all": "Nothing ran then, and the rule changed meanwhile.",
  "fire.missed.last": "Nothing ran then; only the last one is made up for.",
  "fire.missed.none": "Nothing ran then; none is made up for.",
  "fire.missed.window": "Nothing ran then; those of the last {seconds} s are made up for.",
  "fire.missed.paused": "Not settled when the schedule was paused.",
  "fire.replaced": "A later fire took its place.",
  "fire.notPublished": 'The workflow "{workflow}" is not published.',
  "fire.backfill": "Backfill.",
  "schedule.failures": {
    one: "{count} execution has failed; the last was {execution}: {message}",
    other: "{count} executions in a row have failed; the last was {execution}: {message}",
  },

  "start.refused": "{message} ({error})",
} as const satisfies Record<string, string | { one: string; other: string }>;

export type SentenceCode = keyof typeof sentences;

type Names<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type TextOf<Code extends SentenceCode> = (typeof sentences)[Code] extends { other: infer Other }
  ? Other
  : (typeof sentences)[Code];

export type SentenceValues<Code extends SentenceCode> = Readonly<
  Record<Names<TextOf<Code>>, string | number>
>;

/** What a sentence is made of in the reader's own language; the sentence itself is beside it in English. */
export const sentenceParameters = z.record(z.string(), z.union([z.string(), z.number()]));

export const sentencePart = z
  .object({
    code: z.string().describe("Stable. An app that does not know it shows the English text."),
    parameters: sentenceParameters.describe("Names as they are; moments in ISO 8601; numbers as numbers."),
  })
  .meta({ id: "SentencePart", description: "One sentence by its code, for readers of other languages." });
export type SentencePart = z.infer<typeof sentencePart>;

/** `of`: the field with the English text. */
export function sentenceParts(of: string) {
  return z
    .array(sentencePart)
    .nullable()
    .describe(`\`${of}\` sentence by sentence; null = it was written by a person or an older release.`);
}
