// The report of an incident: what was seen and done, in order, as Markdown that can be handed on.
import type { Dossier } from "./incidents.ts";

export function writeReport(
  { incident, acts, freezes }: Dossier,
  closing: { closedBy: string; closedAt: Date } | undefined,
): string {
  const conclusion = acts.findLast(({ kind }) => kind === "close")?.text;
  const endedAt = closing?.closedAt ?? incident.closedAt;
  const lines = [
    `# ${oneLine(incident.title)}`,
    "",
    `- Incident: ${incident.id}`,
    `- Severity: ${incident.severity}`,
    `- Opened: ${incident.openedAt.toISOString()} by ${oneLine(incident.openedBy)}`,
    endedAt === null
      ? "- Open: this is a draft."
      : `- Closed: ${endedAt.toISOString()} by ${oneLine(closing?.closedBy ?? incident.closedBy ?? "")}, after ${lasted(incident.openedAt, endedAt)}`,
    "",
    "## Conclusion",
    "",
    conclusion ?? "_None yet._",
    "",
    "## What was frozen",
    "",
    ...(freezes.length === 0 ? ["Nothing."] : freezes.map(freezeLine)),
    "",
    "## What was done",
    "",
    "| When (UTC) | Who | What |",
    "|---|---|---|",
    ...acts
      .filter(({ kind }) => kind !== "close")
      .map(({ at, actor, text }) => `| ${at.toISOString()} | ${cell(actor)} | ${cell(text)} |`),
    "",
    "The audit log has every one of these acts with its proof; `evidence` of the incident contains it.",
  ];
  return `${lines.join("\n")}\n`;
}

function freezeLine({
  workflowName,
  workflowId,
  at,
  liftedAt,
  reason,
  by,
}: Dossier["freezes"][number]): string {
  const what =
    workflowId === null ? "The organization" : `The workflow "${oneLine(workflowName ?? workflowId)}"`;
  const until = liftedAt === null ? "until now" : `until ${liftedAt.toISOString()} (${lasted(at, liftedAt)})`;
  return `- ${what}, from ${at.toISOString()} ${until}, by ${oneLine(by)}: ${oneLine(reason)}`;
}

function lasted(from: Date, to: Date): string {
  const minutes = Math.round((to.getTime() - from.getTime()) / 60_000);
  if (minutes < 1) return "less than a minute";
  const [hours, days] = [Math.floor(minutes / 60), Math.floor(minutes / 1440)];
  if (days > 0) return `${days} d ${hours % 24} h`;
  return hours > 0 ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function cell(text: string): string {
  return oneLine(text).replaceAll("|", "\\|");
}
