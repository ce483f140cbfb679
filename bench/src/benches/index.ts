// Every bench, by the name it is called with.
import type { Bench } from "../figure.ts";
import { access } from "./access.ts";
import { code } from "./code.ts";
import { data } from "./data.ts";
import { effectSteps } from "./effectSteps.ts";
import { events } from "./events.ts";
import { fairness } from "./fairness.ts";
import { fanout } from "./fanout.ts";
import { lists } from "./lists.ts";
import { nodes } from "./nodes.ts";
import { payloads } from "./payloads.ts";
import { pureSteps } from "./pureSteps.ts";
import { rawInsert } from "./rawInsert.ts";
import { recovery } from "./recovery.ts";
import { schedules } from "./schedules.ts";
import { manySleepers, sleepers } from "./sleepers.ts";
import { tasks } from "./tasks.ts";
import { web } from "./web.ts";
import { webhook } from "./webhook.ts";
import { workers } from "./workers.ts";

export const benches = {
  access,
  "raw-insert": rawInsert,
  "effect-steps": effectSteps,
  "pure-steps": pureSteps,
  fanout,
  webhook,
  events,
  sleepers,
  "sleepers-100k": manySleepers,
  schedules,
  tasks,
  fairness,
  recovery,
  payloads,
  data,
  nodes,
  code,
  workers,
  web,
  lists,
} satisfies Record<string, Bench>;

/** What the table of budgets asks for, in one sitting. */
export const budgets: readonly (keyof typeof benches)[] = [
  "raw-insert",
  "effect-steps",
  "pure-steps",
  "fanout",
  "webhook",
  "sleepers",
  "sleepers-100k",
  "recovery",
  "payloads",
];
