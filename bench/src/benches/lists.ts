// The lists of the pages with many rows of each kind: how long the first page of each takes to answer, with the filters
// and searches that a person has there.

import { fillLists } from "../data/fillLists.ts";
import type { Filled } from "../data/oneOfEach.ts";
import type { Bench } from "../figure.ts";
import { figureOf } from "../figure.ts";
import { withFolder } from "../measure/scratch.ts";
import { type Server, withServer } from "../server/startServer.ts";

const NAME = "lists";
const ROWS = 100_000;
const ROUNDS = 9;
const BUDGET_MS = 200;

const addresses = ({ table, workflow, task, schedule }: Filled): Record<string, string> => ({
  workflows: "workflows?limit=100",
  workflows_search: "workflows?limit=100&search=intake 99",
  workflows_search_miss: "workflows?limit=100&search=nothing like it",
  workflow_versions: `workflows/${workflow}/versions`,
  limits: "limits",
  executions: "executions?limit=100",
  executions_failed: "executions?limit=100&status=failed",
  executions_recent: "executions?limit=500",
  stats: "stats",
  failures: "stats/failures",
  waits: "waits?limit=100",
  approvals: "waits?limit=100&kind=approval",
  tasks: "tasks?limit=100",
  tasks_search: "tasks?limit=100&search=report 99",
  tasks_graph: "tasks/graph",
  tasks_search_miss: "tasks?limit=100&search=nothing like it",
  task_runs_open: "tasks/runs?limit=200&open=1",
  task_runs_of_one: `tasks/runs?limit=25&task=${task}`,
  schedules: "schedules?limit=100",
  schedules_paused: "schedules?limit=100&status=paused",
  schedules_upcoming: `schedules/upcoming?to=${new Date(Date.now() + 86_400_000).toISOString()}`,
  schedules_ended: "schedules?limit=100&status=ended",
  schedules_upcoming_month: `schedules/upcoming?to=${new Date(Date.now() + 31 * 86_400_000).toISOString()}`,
  fires: `schedules/${schedule}/fires?limit=25`,
  calendars: "schedules/calendars",
  connections: "connections?limit=100",
  connections_of_kind: "connections?limit=100&type=http.bearer",
  audit: "audit?limit=100",
  audit_of_kind: "audit?limit=100&kind=denial",
  audit_of_nobody: "audit?limit=100&actor=nobody",
  events: "events?limit=100",
  events_of_type: "events?limit=100&type=order.paid",
  events_of_no_type: "events?limit=100&type=none",
  subscriptions: "events/subscriptions?limit=100",
  dead_letters: "events/dead?limit=100",
  triggers: "triggers?limit=100",
  tables: "tables?limit=100",
  table_rows: `tables/${table}/rows?limit=100`,
  table_rows_sorted: `tables/${table}/rows?limit=100&sort=customer`,
  table_rows_sorted_down: `tables/${table}/rows?limit=100&sort=-paid`,
  variables: "variables",
  alerts: "alerts?limit=50&status=open",
  alerts_resolved: "alerts?limit=50&status=resolved",
  incidents: "incidents?limit=50",
  alert_rules: "alerts/rules",
  security_findings: "security-findings?limit=50",
  security_check: "security-check",
  members: "members?limit=100",
  invitations: "invitations?limit=500",
  api_keys: "api-keys?limit=500",
  permissions: "permissions",
  pools: "pools",
  workers: "workers",
  backups: "backups",
  backup_runs: "backups/runs?limit=20",
  retention: "data-protection/retention",
  holds: "data-protection/holds?limit=50&released=true",
  reveals: "data-protection/reveals?limit=20",
  redactions: "data-protection/redactions",
  erasures: "data-protection/erasures?limit=50",
});

export const lists: Bench = {
  about: "The lists of the pages with 100,000 rows of each kind, filtered and searched.",
  run: ({ n = ROWS, note }) =>
    withFolder((folder) =>
      withServer(folder, async (server) => {
        const filled = await fillLists(server, folder, n, note);
        note("asking");
        const figures = [];
        for (const [figure, address] of Object.entries(addresses(filled)))
          figures.push(figureOf(NAME, figure, await medianMs(server, address), "ms median", BUDGET_MS));
        return figures;
      }),
    ),
};

async function medianMs({ call }: Server, address: string): Promise<number> {
  const taken: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const startedAt = performance.now();
    await call("GET", `/api/v1/${address}`);
    taken.push(performance.now() - startedAt);
  }
  return taken.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
}
