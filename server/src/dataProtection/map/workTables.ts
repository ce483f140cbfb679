// The data map: what people set up and work with.
import { entry, type TableEntry } from "./dataMap.types.ts";

export const workTables: Readonly<Record<string, TableEntry>> = {
  workflows: entry(
    { class: "workflow", keeping: "deleted", purpose: "Workflows as people edit them" },
    {
      technical: `id status created_at updated_at version org_id published_version_id draft_revision deleted_at`,
      setup: "name description definition folder tags",
      actor: "created_by updated_by draft_by owner_id",
    },
  ),
  workflow_tags: entry(
    { class: "workflow", keeping: "deleted", purpose: "Tags of workflows, for search" },
    { technical: "org_id workflow_id", setup: "tag" },
  ),
  workflow_versions: entry(
    { class: "workflow", keeping: "deleted", purpose: "What runs: each published version, byte for byte" },
    {
      technical: "id workflow_id org_id version kind created_at",
      setup: "definition note",
      actor: "created_by published_by",
      secret: "hash",
    },
  ),
  workflow_nodes: entry(
    { class: "workflow", keeping: "deleted", purpose: "Nodes of workflows, for search" },
    {
      technical: "id workflow_id type position created_at org_id node_key version_id",
      setup: "name config",
    },
  ),
  workflow_limits: entry(
    { class: "workflow", keeping: "deleted", purpose: "Rate, budget and pause of a workflow" },
    {
      technical: `org_id workflow_id rate_count rate_seconds daily_max open_max pause_after_failures failures paused
        paused_at updated_at pool pool_places pool_priority`,
      setup: "fair_key",
      content: "pause_reason pause_parts",
    },
  ),
  maintenance: entry(
    { class: "operation", keeping: "deleted", purpose: "Whether starts are stopped" },
    { technical: "org_id is_on until_at updated_at", setup: "reason", actor: "changed_by" },
  ),
  schedules: entry(
    { class: "schedule", keeping: "deleted", purpose: "When workflows start by themselves" },
    {
      technical: `id org_id env_id workflow_id trigger_node managed paused paused_at next_due next_fire_at failures revision
        created_at updated_at`,
      setup: "name spec policy input",
      content: "pause_reason pause_parts",
      actor: "paused_by created_by",
    },
  ),
  schedule_calendars: entry(
    { class: "schedule", keeping: "deleted", purpose: "Days on which schedules do not fire" },
    { technical: "org_id dates updated_at", setup: "name" },
  ),
  schedule_fires: entry(
    { class: "schedule", keeping: "scheduleFires", purpose: "When schedules fired, and what became of it" },
    {
      technical: `id org_id schedule_id key kind due fired_at outcome count overlap execution_id ended`,
      content: "reason reason_parts",
    },
  ),
  tasks: entry(
    { class: "task", keeping: "deleted", purpose: "Single pieces of work" },
    {
      technical: `id type status priority created_at updated_at org_id env_id workflow_id has_own_workflow paused measured_ms
        revision`,
      setup: "name description config schedule_config settings",
      actor: "created_by owner actor",
    },
  ),
  task_executions: entry(
    {
      class: "task",
      keeping: "taskRuns",
      purpose: "Runs of tasks: state, result, progress",
      unique: ["key"],
    },
    {
      technical: `id task_id status started_at completed_at execution_time org_id env_id flow_id kind due created_at updated_at
        ready_at admitted_at admitted_before not_before deadline_at attempt priority resources workflow_id execution_id
        progress estimated_ms`,
      content: "result error_message key fair_key plan reason reason_parts stage",
      actor: "actor",
    },
  ),
  task_schedules: entry(
    { class: "task", keeping: "deleted", purpose: "When tasks run" },
    {
      technical:
        "id task_id cron_expression timezone next_run_at is_active created_at org_id env_id updated_at",
      setup: "spec",
    },
  ),
  task_dependencies: entry(
    { class: "task", keeping: "deleted", purpose: "Which task waits for which" },
    { technical: "org_id task_id needs_task_id condition within_seconds place" },
  ),
  pools: entry(
    { class: "task", keeping: "deleted", purpose: "Places that runs share" },
    {
      technical: "org_id scope scope_id slots rate_count rate_seconds paused revision created_at updated_at",
      setup: "name weights",
    },
  ),
  host_limits: entry(
    { class: "operation", keeping: "deleted", purpose: "How fast hosts may be called" },
    { technical: "org_id host concurrency requests per_seconds updated_at", actor: "updated_by" },
  ),
  data_tables: entry(
    { class: "table", keeping: "deleted", purpose: "Small tables that people and workflows share" },
    {
      technical: "id org_id next_column next_row row_count revision created_at updated_at",
      setup: "name description columns",
      actor: "created_by",
    },
  ),
  data_table_rows: entry(
    { class: "table", keeping: "deleted", purpose: "Rows of data tables" },
    { technical: "table_id org_id id created_at updated_at", content: "data" },
  ),
  data_table_keys: entry(
    { class: "table", keeping: "deleted", purpose: "Hashes of the values of unique columns" },
    { technical: "table_id org_id column_id row_id", secret: "sum" },
  ),
  data_table_writes: entry(
    { class: "table", keeping: "handled", purpose: "What workflows wrote, by the key of the effect" },
    { technical: "table_id org_id key written_at", content: "result" },
  ),
  variables: entry(
    { class: "workflow", keeping: "deleted", purpose: "Values that workflows of an environment read" },
    {
      technical: "org_id env_id bytes created_at updated_at",
      setup: "name value description",
      actor: "created_by",
    },
  ),
  connections: entry(
    { class: "connection", keeping: "deleted", purpose: "What workflows sign in to other services with" },
    {
      technical: `id org_id env_id type version roles tokens_version tokens_expire_at reconnect_since expires_at last_used_at
        tested_at created_at updated_at`,
      setup: "name description public hosts test_failure",
      sealed: "sealed tokens",
      secret: "marks",
      actor: "created_by",
    },
  ),
  alert_rules: entry(
    { class: "alert", keeping: "deleted", purpose: "What is watched, and who is told" },
    {
      technical: "id org_id kind severity enabled checked_at revision created_at updated_at",
      setup: "name config channels",
      content: "trouble",
      actor: "created_by",
    },
  ),
  alert_addresses: entry(
    { class: "alert", keeping: "deleted", purpose: "Addresses of webhooks that alerts tell" },
    { technical: "id org_id rule_id created_at", sealed: "sealed" },
  ),
  alert_signing: entry(
    { class: "alert", keeping: "deleted", purpose: "The secret that alerts are signed with" },
    { technical: "org_id version hint created_at", sealed: "sealed", actor: "created_by" },
  ),
  alerts: entry(
    { class: "alert", keeping: "alerts", purpose: "What the rules found" },
    {
      technical: "id org_id rule_id key status link opened_at last_seen_at acknowledged_at resolved_at",
      content: "title detail title_parts detail_parts",
      actor: "acknowledged_by resolved_by",
    },
  ),
  alert_deliveries: entry(
    { class: "alert", keeping: "alerts", purpose: "Messages about alerts" },
    {
      technical: "id org_id alert_id happening state attempts next_at sent_at",
      content: "channel error",
    },
  ),
};
