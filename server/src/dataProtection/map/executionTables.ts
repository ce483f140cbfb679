// The data map: executions and what brings them about.
import { entry, type TableEntry } from "./dataMap.types.ts";

export const executionTables: Readonly<Record<string, TableEntry>> = {
  workflow_executions: entry(
    {
      class: "execution",
      keeping: "executions",
      purpose: "One row for each execution: what ran, when, how it ended",
      payloadKey: ["input_data", "output_data"],
    },
    {
      technical: `id workflow_id status started_at completed_at execution_time org_id env_id version_id mode trigger_node
        parent_id parent_command origin_id depth trace_id wake_at last_seq error_code input_blob output_blob cost_micros
        tokens_in tokens_out key_id codec`,
      content: "input_data output_data error_message concurrency_key",
      actor: "cause actor",
    },
  ),
  open_executions: entry(
    { class: "execution", keeping: "executions", purpose: "Executions that are not over" },
    {
      technical: "execution_id org_id workflow_id parent_id status wake_at",
      content: "concurrency_key",
    },
  ),
  turns: entry(
    {
      class: "payload",
      keeping: "payloads",
      purpose: "The history: what each turn of an execution established",
      payloadKey: ["body"],
    },
    { technical: "execution_id seq org_id at key_id codec", content: "body" },
  ),
  snapshots: entry(
    {
      class: "payload",
      keeping: "payloads",
      purpose: "State of an execution, to restore it faster",
      payloadKey: ["body"],
    },
    { technical: "execution_id org_id seq at key_id codec", content: "body" },
  ),
  effects: entry(
    {
      class: "execution",
      keeping: "executions",
      purpose: "Effects that must not be repeated: intent and outcome",
    },
    { technical: "execution_id command attempt org_id key outcome at deadline" },
  ),
  start_keys: entry(
    {
      class: "execution",
      keeping: "startKeys",
      purpose: "One execution for one start key, however often it is asked for",
      unique: ["key"],
    },
    { technical: "org_id workflow_id env_id execution_id request_hash expires_at", content: "key" },
  ),
  waits: entry(
    { class: "execution", keeping: "executions", purpose: "What a person or a URL can answer" },
    {
      technical: "execution_id wait org_id run kind opened_at expires_at closed_at",
      content: "title assignees",
    },
  ),
  inbox: entry(
    {
      class: "payload",
      keeping: "handled",
      purpose: "What reaches the engine from other processes",
      payloadKey: ["body"],
      unique: ["dedupe_key"],
    },
    { technical: "id org_id execution_id kind at key_id codec", content: "dedupe_key body" },
  ),
  blobs: entry(
    { class: "payload", keeping: "payloads", purpose: "Register of payloads too big for a row" },
    { technical: "id org_id execution_id location bytes created_at", secret: "sha256" },
  ),
  event_streams: entry(
    { class: "event", keeping: "deleted", purpose: "Positions of an organization's events" },
    { technical: "org_id last_position routed" },
  ),
  events: entry(
    { class: "event", keeping: "events", purpose: "What the world reported", unique: ["source", "event_id"] },
    { technical: "org_id position type received_at", content: "source event_id body" },
  ),
  event_subscriptions: entry(
    { class: "event", keeping: "deleted", purpose: "Which workflow wants which events" },
    {
      technical: `id org_id env_id workflow_id node_key since paused matched dropped last_event_at created_at updated_at`,
      setup: "spec",
    },
  ),
  event_held: entry(
    { class: "event", keeping: "handled", purpose: "Events that wait for their turn" },
    {
      technical:
        "subscription_id org_id run position received_at first_at release due_at attempts execution_id refusal_code",
      content: "lane refusal",
    },
  ),
  event_gates: entry(
    {
      class: "event",
      keeping: "deleted",
      purpose: "How much of the rate of a lane is used up",
      unique: ["lane"],
    },
    { technical: "subscription_id org_id at_ms", content: "lane" },
  ),
  event_dead: entry(
    { class: "event", keeping: "events", purpose: "Events that could start nothing" },
    { technical: "id org_id subscription_id position code at", content: "reason" },
  ),
  event_replays: entry(
    { class: "event", keeping: "handled", purpose: "Events that are given once more" },
    { technical: "id org_id subscription_id next_position to_position created_at", actor: "created_by" },
  ),
  event_happenings: entry(
    { class: "operation", keeping: "server", purpose: "Up to when ends of executions have become events" },
    { technical: "single through" },
  ),
  triggers: entry(
    { class: "event", keeping: "deleted", purpose: "Triggers that listen to something outside" },
    {
      technical:
        "id org_id env_id workflow_id node_key type state failures received last_event_at updated_at",
      setup: "config cursor",
      content: "error",
    },
  ),
  webhooks: entry(
    { class: "workflow", keeping: "deleted", purpose: "Addresses of published workflows" },
    {
      technical: "method org_id env_id workflow_id version_id node_key respond wait_seconds",
      setup: "path options",
    },
  ),
  stat_deltas: entry(
    { class: "statistics", keeping: "handled", purpose: "Statistics of turns that wait to be merged" },
    { technical: "id body" },
  ),
  stat_minutes: entry(
    { class: "statistics", keeping: "statistics", purpose: "Counts and durations by minute" },
    { technical: "org_id workflow_id node worker minute count failures histogram" },
  ),
};
