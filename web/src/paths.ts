// Every address of the app, built in one place: a page that moves is moved here. Ids are encoded, filters are typed.
export type ExecutionsView = {
  workflow?: string;
  status?: string;
  mode?: string;
  error?: string;
  search?: string;
  /** How far back: 1h, 24h, 7d, 30d. */
  range?: string;
  /** Exact bounds instead, as instants. */
  from?: string;
  to?: string;
  parent?: string;
};

export const paths = {
  home: () => "/",
  workflows: (view: { search?: string } = {}) => withQuery("/workflows", view),
  newWorkflow: () => "/workflows?new=1",
  importWorkflow: () => "/workflows?import=1",
  templates: () => "/workflows?templates=1",
  /** `execution`: whose data is shown; `load`: pinned too, to correct what failed. */
  workflow: (id: string, view: { node?: string; execution?: string; load?: "1"; tour?: "1" } = {}) =>
    withQuery(`/workflows/${encodeURIComponent(id)}`, view),
  executions: (view: ExecutionsView = {}) => withQuery("/executions", view),
  execution: (id: string, view: { run?: string; view?: "graph" } = {}) =>
    withQuery(`/executions/${encodeURIComponent(id)}`, view),
  schedules: (view: { open?: string; view?: "calendar"; status?: string } = {}) =>
    withQuery("/schedules", view),
  events: (view: { open?: string; type?: string; view?: "subscriptions" | "triggers" | "dead" } = {}) =>
    withQuery("/events", view),
  workers: () => "/workers",
  tasks: (view: { open?: string; view?: string } = {}) => withQuery("/tasks", view),
  pools: () => "/pools",
  alerts: () => "/alerts",
  settings: () => "/settings",
  dataProtection: (view: { view?: "holds" | "fields" | "people" | "map" } = {}) =>
    withQuery("/data-protection", view),
  connections: (view: { open?: string } = {}) => withQuery("/connections", view),
  /** `kinds` to choose from, with commas. */
  newConnection: (kinds?: string) => withQuery("/connections", { new: "1", kind: kinds }),
  /** `open`: a table. */
  data: (view: { open?: string; view?: "variables" } = {}) => withQuery("/data", view),
  backups: () => "/backups",
  members: () => "/members",
  security: () => "/security",
  audit: (view: { object?: string; open?: string } = {}) => withQuery("/audit", view),
  incidents: (
    view: { view?: "findings" | "incidents"; open?: string; new?: "1"; title?: string; note?: string } = {},
  ) => withQuery("/incidents", view),
  signIn: (to?: string) => withQuery("/sign-in", { to: to === "/" ? undefined : to }),
  /** Every piece of src/ui in every state; for those who build the app. */
  gallery: () => "/ui",
};

/** Pages of their own, before somebody is signed in; what they need stands after #. */
const doors = /^\/(sign-in|set-up|invitation|reset-password)\b/;

/** Where a sign-in leads back to: only inside this app, whatever the address bar says. */
export function pathAfterSignIn(to: string | null): string {
  return to !== null && /^\/(?![/\\])/.test(to) && !doors.test(to) ? to : paths.home();
}

function withQuery(path: string, query: Record<string, string | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value) search.set(name, value);
  const text = search.toString();
  return text === "" ? path : `${path}?${text}`;
}
