// The planted bugs: what the simulation must notice. The first ones break the rules of the engine that a crash, a
// takeover or a race would reveal; then come those of the kernel.
import type { Planted } from "./patch.ts";

const ENGINE = "server/src/engine";
const KERNEL = "kernel/src";

export const plantedBugs: Planted[] = [
  {
    name: "two flushes in flight",
    why: "one ordered lane: a later turn may commit before an earlier one",
    rules: ["never-ends", "gap", "row-differs"],
    patches: [
      { file: `${ENGINE}/lane.ts`, find: "await write(taken.batch);", replace: "void write(taken.batch);" },
    ],
  },
  {
    name: "fence without a row lock",
    why: "a flush that has read the epoch commits after the takeover",
    rules: ["writers-interleaved"],
    patches: [
      {
        file: "sim/src/world/database.ts",
        find: "if (sharing > 0) waiting.push(take);",
        replace: "if (sharing < 0) waiting.push(take);",
      },
      {
        file: `${ENGINE}/memory/store.ts`,
        find: 'if (epoch !== tables.lease.epoch) return "deposed";',
        replace: "",
      },
    ],
  },
  {
    name: "unknown outcome taken for a failure",
    why: "what was committed is sent again",
    rules: ["never-ends", "row-differs"],
    patches: [
      {
        file: `${ENGINE}/lane.ts`,
        find: "return error instanceof StoreError ? error.kind : ",
        replace:
          'if ((error as StoreError).kind === "unknownOutcome") return "unavailable";\n  return error instanceof StoreError ? error.kind : ',
      },
    ],
  },
  {
    name: "unknown outcome taken for a commit",
    why: "what was lost is acknowledged",
    rules: ["barrier", "start-before-commit", "event-before-commit", "answer-before-commit"],
    patches: [
      {
        file: `${ENGINE}/lane.ts`,
        find: "const present = items.filter((item) => isPresent(item, seqs));",
        replace: "const present = seqs.size < 0 ? [] : items;",
      },
    ],
  },
  {
    name: "unknown outcome looked at without a takeover",
    why: "the old flush commits after the look",
    rules: ["never-ends", "row-differs"],
    patches: [
      {
        file: `${ENGINE}/lane.ts`,
        find: "if (!(await needs.lease().reclaim())) {",
        replace: "if (isClosed) {",
      },
    ],
  },
  {
    name: "deposed writer answers",
    why: "a flush that wrote nothing is taken for a commit",
    rules: [
      "start-before-commit",
      "event-before-commit",
      "answer-before-commit",
      "barrier",
      "effect-without-lease",
    ],
    patches: [
      { file: `${ENGINE}/lane.ts`, find: 'if (answer === "deposed") return hooks.onDeposed();', replace: "" },
    ],
  },
  {
    name: "one bad value sets its whole flush aside",
    why: "a batch that the storage refuses is cut in two until the offender stands alone",
    rules: ["never-ends", "row-differs"],
    patches: [
      {
        file: `${ENGINE}/lane.ts`,
        find: "const halves = bisect(items);",
        replace: "const halves = items.length < 0 ? bisect(items) : null;",
      },
    ],
  },
  {
    name: "answer before the commit",
    why: "a crash takes back what was acknowledged",
    rules: ["start-before-commit", "event-before-commit"],
    patches: [
      {
        file: `${ENGINE}/turn.ts`,
        find: "item.acks = acks.length > 0 ? acks : null;",
        replace: 'for (const ack of acks) ack.resolve({ kind: "accepted" });',
      },
    ],
  },
  {
    name: "no barrier before effects",
    why: "an effect is sent although the turn that caused it may be lost",
    rules: ["barrier"],
    patches: [
      {
        file: `${ENGINE}/turn.ts`,
        find: 'if (command.effect === "read" && !command.confirm) issueActivity(reign, exec, command);',
        replace: "issueActivity(reign, exec, command);",
      },
    ],
  },
  {
    name: "once without an intent",
    why: "after a crash nobody knows that it was sent",
    rules: ["intent"],
    patches: [
      {
        file: `${ENGINE}/dispatch.ts`,
        find: 'if (activity.command.effect === "once" && !activity.command.confirm) intend(reign, activity);',
        replace: "if (reign.isOver) intend(reign, activity);",
      },
    ],
  },
  {
    name: "once sent again after a crash",
    why: "what was sent and has no outcome is never sent again",
    rules: ["once-twice"],
    patches: [
      {
        file: `${ENGINE}/restore.ts`,
        find: 'const wasSent = open?.effect === "once" && open.status === "started" && !command.confirm;',
        replace: "const wasSent = open === undefined;",
      },
      {
        file: `${KERNEL}/turn/events.ts`,
        find: 'command.status === "scheduled" && command.kind === "activity"',
        replace: 'command.kind === "activity"',
      },
    ],
  },
  {
    name: "once tried again after an unknown outcome",
    why: "only what was certainly not done is tried again",
    rules: ["once-twice"],
    patches: [
      {
        file: `${KERNEL}/turn/failing.ts`,
        find: 'const isUnknown = command?.effect === "once" && located.certainty === "unknown";',
        replace: "const isUnknown = false;",
      },
      {
        file: `${KERNEL}/turn/retry.ts`,
        find: 'if (command.effect === "once" && failure.certainty !== "notDone") return null;',
        replace: "",
      },
    ],
  },
  {
    name: "asked before the deadline",
    why: "the call of the engine before may still be on the wire",
    rules: ["once-twice"],
    patches: [
      {
        file: `${KERNEL}/turn/failing.ts`,
        find: "const at = Math.max(turn.nowMs, (command.deadline ?? turn.nowMs) + CONFIRM_SKEW_MS);",
        replace: "const at = turn.nowMs + CONFIRM_SKEW_MS * 0;",
      },
      { file: `${ENGINE}/restore.ts`, find: "if (leftMs > 0)", replace: "if (leftMs > 1e15)" },
    ],
  },
  {
    name: "effects after the lease",
    why: "nothing starts in the last part of the lease",
    rules: ["effect-without-lease"],
    patches: [
      {
        file: `${ENGINE}/lease.ts`,
        find: "mayStartEffects: () => clock.monotonic() < untilMs - leaseGuardMs,",
        replace: "mayStartEffects: () => leaseGuardMs > 0,",
      },
    ],
  },
  {
    name: "evicted with letters in the mailbox",
    why: "an outcome that has arrived is lost with the execution's memory",
    rules: ["never-ends", "no-answer"],
    patches: [
      {
        file: `${ENGINE}/evict.ts`,
        find: "exec.isQueued || exec.mailbox.length > 0",
        replace: "false",
      },
    ],
  },
  {
    name: "timer forgotten on leaving memory",
    why: "nobody wakes an execution that waits outside of memory",
    rules: ["never-ends"],
    patches: [
      {
        file: `${ENGINE}/evict.ts`,
        find: "reign.wakes.expectCold(exec.written.wakeAtMs);",
        replace: "exec.armedAtMs = null;",
      },
    ],
  },
  {
    name: "timers forgotten at takeover",
    why: "the new leader does not look for those that wait",
    rules: ["never-ends"],
    patches: [{ file: `${ENGINE}/wake.ts`, find: "coldMs = 0;", replace: "coldMs = Infinity;" }],
  },
  {
    name: "running executions not restored",
    why: "work under way ends with its engine",
    rules: ["never-ends"],
    patches: [
      {
        file: `${ENGINE}/recover.ts`,
        find: "load: reign.loader.get(id),",
        replace: "load: Promise.resolve(id),",
      },
    ],
  },
  {
    name: "snapshot of a state that is ahead",
    why: "the turns after the snapshot are applied twice",
    rules: ["snapshot", "fold", "never-ends", "output"],
    patches: [
      {
        file: `${ENGINE}/committed.ts`,
        find: "maybeSnapshot(reign, exec);",
        replace: "",
      },
      {
        file: `${ENGINE}/committed.ts`,
        find: "for (const command of item.commands) carryOut(reign, exec, command);",
        replace:
          "for (const command of item.commands) carryOut(reign, exec, command);\n    maybeSnapshot(reign, exec);",
      },
    ],
  },
  {
    name: "two loads of one execution",
    why: "two states of it both write",
    rules: ["never-ends", "row-differs", "gap"],
    patches: [
      {
        file: `${ENGINE}/load.ts`,
        find: "if (known !== undefined) return known;",
        replace: "",
      },
      {
        file: `${ENGINE}/restore.ts`,
        find: 'if (living !== undefined) return { kind: "live", exec: living };',
        replace: "",
      },
    ],
  },
  {
    name: "start key not looked up",
    why: "one key starts two executions",
    rules: ["key-twice", "no-answer"],
    patches: [
      {
        file: `${ENGINE}/start.ts`,
        find: "if (row !== undefined) return answerKey(",
        replace: "if (row === null) return answerKey(",
      },
    ],
  },
  {
    name: "child with a fresh id each time",
    why: "issued again after a crash, it is started again",
    rules: ["child-twice"],
    patches: [
      {
        file: `${ENGINE}/children.ts`,
        find: "reign.deps.ids.child(command.atMs, ",
        replace: "reign.deps.ids.child(command.atMs + Math.floor(reign.deps.clock.monotonic()), ",
      },
    ],
  },
  {
    name: "result of an ended child not told again",
    why: "the parent waits for ever when the crash came between the two",
    rules: ["never-ends"],
    patches: [
      {
        file: `${ENGINE}/children.ts`,
        find: "if (result !== undefined) tellParent(reign, parent, result);",
        replace: "",
      },
    ],
  },
  {
    name: "error workflow outside of the flush",
    why: "the end is written and the error workflow is not",
    rules: ["error-workflow"],
    patches: [
      {
        file: `${ENGINE}/lane.ts`,
        find: "if (item.joined !== null) batch.push(item.joined);",
        replace: "",
      },
    ],
  },
  {
    name: "inbox row deleted before its turn",
    why: "a crash in between loses what was accepted",
    rules: ["signal-lost", "never-ends"],
    patches: [
      {
        file: `${ENGINE}/inbox.ts`,
        find: "found.exec.inboxIds.push(row.id);",
        replace: "drop(reign, row);\n  reign.lane.kick();",
      },
    ],
  },
  {
    name: "inbox row never deleted",
    why: "it is taken again and again",
    rules: ["row-stuck"],
    patches: [
      {
        file: `${ENGINE}/turn.ts`,
        find: "item.inboxDone = inboxIds.length > 0 ? inboxIds : null;",
        replace: "",
      },
    ],
  },
  {
    name: "end given instead of the reply",
    why: "one execution, two answers",
    rules: ["reply-forgotten"],
    patches: [
      {
        file: `${ENGINE}/committed.ts`,
        find: 'reply === undefined ? item.finished : { kind: "replied", ...reply }',
        replace: "item.finished",
      },
    ],
  },
  {
    name: "places of the stored forgotten",
    why: "after a takeover more executions begin than the workflow allows",
    rules: ["too-many-open"],
    patches: [
      {
        file: `${ENGINE}/admission.ts`,
        find: "const open = new Set(stored);",
        replace: "const open = new Set(stored.slice(0, 0));",
      },
    ],
  },
  {
    name: "one place too many for those that wait",
    why: "a start that waited begins before its turn",
    rules: ["too-many-open"],
    patches: [
      {
        file: `${ENGINE}/admission.ts`,
        find: "while (slots.open.size < slots.limit && ",
        replace: "while (slots.open.size <= slots.limit && ",
      },
    ],
  },
  {
    name: "signal dropped while its start waits",
    why: "what was accepted for an execution that waits for its place is lost",
    rules: ["never-ends", "signal-lost"],
    patches: [
      {
        file: `${ENGINE}/inbox.ts`,
        find: 'if (found.kind === "missing" && isUnborn) return onTrouble();',
        replace: 'if (found.kind === "missing" && isUnborn) return drop(reign, row);',
      },
    ],
  },
  {
    name: "withdrawn start begins all the same",
    why: "a cancel that was accepted while the start waited changes nothing",
    rules: ["event-before-commit"],
    patches: [
      {
        file: `${ENGINE}/start.ts`,
        find: "if (await beginWaiting(reign, queued, [event])) return",
        replace: "if (await beginWaiting(reign, queued)) return",
      },
    ],
  },
  {
    name: "key per attempt",
    why: "the service outside cannot know a repeated effect",
    rules: ["other-key"],
    patches: [
      {
        file: `${KERNEL}/commandsOf.ts`,
        find: "start.generation}`,",
        replace: "start.generation + command.attempt}`,",
      },
    ],
  },
  {
    name: "signal before its waiter dropped",
    why: "an accepted signal waits in a queue for its waiter",
    rules: ["never-ends"],
    patches: [
      {
        file: `${KERNEL}/turn/wait.ts`,
        find: "if ((state.signals[event.name]?.length ?? 0) >= BOUNDS.signalsMax)",
        replace: "if (BOUNDS.signalsMax > 0)",
      },
    ],
  },
  {
    name: "signal taken from the queue and left there",
    why: "one signal answers two waits",
    rules: ["signal-twice"],
    patches: [{ file: `${KERNEL}/evolve/waits.ts`, find: "queue.shift();", replace: "queue.slice();" }],
  },
  {
    name: "outcome of an earlier attempt accepted",
    why: "a late answer settles the attempt under way",
    rules: ["invented-outcome", "wrong-attempt"],
    patches: [
      {
        file: `${KERNEL}/turn/activity.ts`,
        find: 'command.attempt !== event.attempt || command.status === "retrying"',
        replace: 'command.status === "retrying"',
      },
    ],
  },
  {
    name: "recorded steps not given to the next attempt",
    why: "a long activity does again what it has done",
    rules: ["step-again"],
    patches: [
      {
        file: `${KERNEL}/commandsOf.ts`,
        find: "...(command.steps ? { steps: [...command.steps] } : {}),",
        replace: "",
      },
    ],
  },
  {
    name: "step acknowledged before its commit",
    why: "a crash takes back a step on which the next one builds",
    rules: ["step-before-commit"],
    patches: [
      {
        file: `${ENGINE}/dispatch.ts`,
        find: "const { command: id, attempt } = command;",
        replace: "const { command: id, attempt } = command;\n    resolve();",
      },
    ],
  },
  {
    name: "steps forgotten when a person decides",
    why: "what was done before the question is done again",
    rules: ["step-again"],
    patches: [
      {
        file: `${KERNEL}/evolve/activities.ts`,
        find: "const steps = state.commands[id]?.steps;",
        replace: "const steps = state.commands[id]?.steps?.slice(0, 0);",
      },
    ],
  },
  {
    name: "timers early",
    why: "a wait ends before its time",
    rules: ["timer-early"],
    patches: [
      {
        file: `${KERNEL}/turn/timers.ts`,
        find: "wait.at <= turn.nowMs)",
        replace: "wait.at - 400 <= turn.nowMs)",
      },
    ],
  },
  {
    name: "clock goes back",
    why: "recorded time follows a wall clock that was set back",
    rules: ["clock-back"],
    patches: [
      {
        file: `${KERNEL}/turn/turn.ts`,
        find: "this.nowMs = Math.max(state.nowMs, nowMs);",
        replace: "this.nowMs = nowMs;",
      },
      {
        file: `${ENGINE}/turn.ts`,
        find: "Math.max(exec.state.nowMs, Math.floor(reign.deps.clock.now()))",
        replace: "Math.floor(reign.deps.clock.now())",
      },
    ],
  },
  {
    name: "pause ignored",
    why: "a paused execution goes on",
    rules: ["paused"],
    patches: [
      {
        file: `${KERNEL}/advance.ts`,
        find: "if (turn.state.paused) {",
        replace: "if (turn.state.paused && turn.isClosed) {",
      },
    ],
  },
  {
    name: "join before all its wires",
    why: "it starts with half of its items",
    rules: ["started-early"],
    patches: [
      {
        file: `${KERNEL}/turn/ready.ts`,
        find: 'if (open > 0) return "wait";',
        replace: 'if (open > 0 && taken === 0) return "wait";',
      },
    ],
  },
  {
    name: "break keeps the round it leaves",
    why: "the result of the dropped round leaks into the loop's",
    rules: ["output"],
    patches: [
      {
        file: `${KERNEL}/evolve/blocks.ts`,
        find: 'fact.outcome === "completed" ? scopeResult(',
        replace: 'fact.outcome === "completed" || fact.outcome === "break" ? scopeResult(',
      },
    ],
  },
  {
    name: "cancel skips finally",
    why: "finally runs whatever happens",
    rules: ["finally-skipped"],
    patches: [
      {
        file: `${KERNEL}/turn/block.ts`,
        find: 'if (block.phase !== "finally" && node.sections.finally) {',
        replace: 'if (block.phase !== "finally" && block.outcome !== "cancelled" && node.sections.finally) {',
      },
    ],
  },
  {
    name: "saga undone forwards",
    why: "compensations run in reverse order",
    rules: ["saga-order"],
    patches: [
      {
        file: `${KERNEL}/turn/saga.ts`,
        find: "for (let at = block.entries.length - 1; at >= 0; at--) {",
        replace: "for (let at = 0; at < block.entries.length; at++) {",
      },
    ],
  },
  {
    name: "items in the order they came back",
    why: "results stand in the order of the input",
    rules: ["output"],
    patches: [
      {
        file: `${KERNEL}/evolve/activities.ts`,
        find: "progress.results[index] = outputs;",
        replace: "progress.results.push(outputs);",
      },
      {
        file: `${KERNEL}/evolve/activities.ts`,
        find: "while (progress.results.length < index) progress.results.push(null);",
        replace: "",
      },
    ],
  },
  {
    name: "lineage lost at the border of a loop",
    why: "an expression reads another item's data",
    rules: ["output"],
    patches: [
      {
        file: `${KERNEL}/wires.ts`,
        find: "return { path, node, index: scope.offset + index };",
        replace: "return { path, node, index };",
      },
    ],
  },
  {
    name: "failure swallowed when siblings drain",
    why: "a for-each that failed ends as if nothing had happened",
    rules: ["output"],
    patches: [
      {
        file: `${KERNEL}/turn/foreach.ts`,
        find: 'if (failed && errorMode(node) === "stop") return',
        replace: 'if (failed && !block.stop && errorMode(node) === "stop") return',
      },
    ],
  },
];
